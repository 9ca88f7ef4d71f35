"""One practice question of a lesson as a card: to answer, answered, or waiting to be resolved at the end."""

from dataclasses import dataclass

from courses.course import Course
from courses.markdown.anchors import section_id
from courses.rendering.render import RenderedCourse
from learning.language import gettext as _
from learning.library.addresses import CourseAddresses
from learning.study.questions.feedback_pages import FeedbackPage, Look, feedback_page, unanswered_page
from learning.study.questions.pages import QuestionFields, QuestionFrame, fields, frame
from learning.web.links import Link
from quizzes.display import Display, is_complete
from quizzes.feedback import feedback
from quizzes.numbers import read_typed_number
from quizzes.questions import FreeText, NumberInput, Ordering, Question
from quizzes.responses import Ordered, Response, Typed


@dataclass(frozen=True, slots=True)
class QuestionCard:
    """A question as its form shows it. Exactly one of `fields` and `feedback` is set, or none: then it only offers
    to show the resolution of an opening question. `kept` are hidden fields that hold the answer for a further request.
    `is_new`: the page answers this very card, so what it says has the focus.
    """

    anchor: str
    address: str
    frame: QuestionFrame
    submit_text: str
    submit_kind: str = "primary"
    fields: QuestionFields | None = None
    feedback: FeedbackPage | None = None
    mistake: str = ""
    kept: tuple[tuple[str, str], ...] = ()
    retry_address: str = ""
    retry_text: str = ""
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class PracticePlace:
    """Where a question stands: the pages around it and its number among the scored questions of its module."""

    course: Course
    rendered: RenderedCourse
    module_slug: str
    number: int
    count: int

    @property
    def module_address(self) -> str:
        """The page of the module."""
        return CourseAddresses(self.course.slug).module(self.module_slug)

    def question_address(self, question: Question) -> str:
        """Where the question's form is sent."""
        return f"{self.module_address}/fragen/{question.id}"

    def eyebrow(self, question: Question) -> str:
        """The line above the question."""
        if question.attributes.is_before:
            return _("Vorab-Frage, ohne Wertung")
        return _("Frage %(number)d von %(count)d", number=self.number, count=self.count)


def question_anchor(question: Question) -> str:
    """The id in the page of a question's card."""
    return f"frage-{question.id}"


def resolution_anchor(question: Question) -> str:
    """The id in the page of the card that resolves an opening question."""
    return f"{question_anchor(question)}-aufloesung"


def open_card(
    question: Question, place: PracticePlace, *, seed: str, response: Response | None = None, mistake: str = ""
) -> QuestionCard:
    """The question to be answered, with what was answered before if there was a mistake in the form."""
    own_frame = frame(question, eyebrow=place.eyebrow(question), shows_hints=True)
    is_before = question.attributes.is_before
    return QuestionCard(
        anchor=own_frame.anchor,
        address=place.question_address(question),
        frame=own_frame,
        submit_text=_("Antwort festhalten") if is_before else _submit_text(question),
        submit_kind="secondary" if is_before else "primary",
        fields=fields(Display.of(question, seed=seed), response),
        mistake=mistake,
    )


def what_is_missing(question: Question, response: Response | None, *, language: str) -> str:
    """Why an answer is not looked at yet, as a sentence that says what to do; empty if it is. Practice costs nothing,
    so a word where a number belongs is no wrong answer but one to type again.
    """
    match question.answer, response:
        case _, None:
            return _("Bitte beantworten Sie die Frage, bevor Sie sie prüfen.")
        case Ordering(), Ordered() if not is_complete(response):
            return _("Bitte geben Sie jedem Eintrag einen eigenen Platz.")
        case NumberInput(), Typed(text) if read_typed_number(text, language=language) is None:
            return _("Bitte geben Sie eine Zahl ein, zum Beispiel 12 oder 2,5.")
        case _:
            return ""


def _submit_text(question: Question) -> str:
    return _("Mit der Erklärung vergleichen") if isinstance(question.answer, FreeText) else _("Antwort prüfen")


def answered_card(
    question: Question, place: PracticePlace, *, seed: str, response: Response, shows_solution: bool
) -> QuestionCard:
    """The question with everything there is to say about `response`."""
    display = Display.of(question, seed=seed)
    told = feedback(question, response, language=place.course.language)
    own_frame = frame(question, eyebrow=place.eyebrow(question), shows_hints=False)
    page = (
        _noted()
        if question.attributes.is_before
        else feedback_page(
            display, response, told, shows_solution=shows_solution, read_on=section_link(question, place)
        )
    )
    kept = tuple((name, value) for name, values in display.fields(response).items() for value in values)
    return QuestionCard(
        anchor=own_frame.anchor,
        address=place.question_address(question),
        frame=own_frame,
        submit_text="",
        feedback=page,
        kept=kept if page.can_show_solution else (),
        # Without scripts an answer stands at the question's own address; a link to it would go nowhere.
        retry_address=f"{place.question_address(question)}?neu=1#{own_frame.anchor}",
        retry_text=_("Antwort ändern") if page.look is Look.NEUTRAL else _("Noch einmal versuchen"),
    )


def resolution_card(question: Question, place: PracticePlace, *, is_shown: bool) -> QuestionCard:
    """The opening question at the end of the module; its explanation only when asked for."""
    own_frame = frame(question, eyebrow=_("Vorab-Frage, aufgelöst"), shows_hints=False)
    page = unanswered_page(question, shows_solution=True) if is_shown else None
    return QuestionCard(
        anchor=resolution_anchor(question),
        address=place.question_address(question),
        frame=own_frame,
        submit_text="",
        feedback=page,
    )


def _noted() -> FeedbackPage:
    """What is said after an opening question: nothing about right or wrong yet."""
    return FeedbackPage(
        look=Look.NEUTRAL,
        verdict=_("Danke"),
        sentence=_("Behalten Sie Ihre Antwort im Kopf. Am Ende des Moduls vergleichen Sie."),
        lines=(),
        remarks=(),
        solution=(),
        explanation=None,
        can_show_solution=False,
        read_on=None,
    )


def section_link(question: Question, place: PracticePlace) -> Link | None:
    """The section that the question is about, in its own module or another of the course."""
    module_slug, _hash, anchor = question.attributes.about.rpartition("#")
    if not anchor:
        return None
    address = CourseAddresses(place.course.slug)
    own_first = sorted(place.rendered.modules.items(), key=lambda entry: entry[0] != place.module_slug)
    for slug, module in own_first:
        for heading in module.contents:
            if heading.anchor == anchor and module_slug in ("", slug):
                text = _("Nachlesen: %(section)s", section=heading.title)
                return Link(f"{address.module(slug)}#{section_id(anchor)}", text)
    return None
