"""Every kind of page of the product in every state that looks different: where it is, and what leads to that state."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from playwright.sync_api import Page, expect

Step = Callable[[Page], None]
QUESTIONS = "/kurse/bausteine/fragen"
# Addresses that answer with no page of ours to look at.
WITHOUT_PAGE = {
    "health.alive": "a word for machines",
    "health.ready": "a word for machines",
    "people.sign_in_state": "JSON for scripts",
    "library.media": "a picture or a file",
    "reporting.export_people": "a table as a file",
    "attempts.attempt": "the way to the question where somebody goes on",
    "attempts.questions": "every page of a test at once, for the script that turns them without a connection",
}


@dataclass(frozen=True, slots=True)
class Kind:
    """A page in a state. `address` may name things of the authority in braces; `who` is a cookie, "" for nobody;
    `{language}` in it stands for the language of the visit, where what one visit does must not show in another.


    `steps` lead from the opened page to the state. `status` is what the browser is answered at first.
    """

    endpoint: str
    address: str
    who: str = "person"
    steps: Step | None = None
    is_empty: bool = False
    status: int = 200


def fill(fields: Mapping[str, str], button: str = "main form button[type=submit]") -> Step:
    """Type into fields by name and send the form; the page that comes back is the state."""

    def steps(page: Page) -> None:
        for name, text in fields.items():
            page.locator(f"main [name={name}]").first.fill(text)
        with page.expect_navigation():
            page.locator(button).first.click()

    return steps


def answer_practice(page: Page) -> None:
    """One answered question of each kind of feedback, on one page."""
    page.locator("#frage-f-mehrfach .options label").first.click()
    page.locator("#frage-f-text input[type=text]").fill("Antrag")
    page.locator("#frage-f-zahl input[type=text]").fill("9,6")
    for name in ("f-zuordnung", "f-folge"):
        for number, choice in enumerate(page.locator(f"#frage-{name} select").all(), start=1):
            choice.select_option(index=number)
    page.locator("#frage-f-frei textarea").fill("Guten Tag")
    for name in ("f-mehrfach", "f-text", "f-zahl", "f-zuordnung", "f-folge", "f-frei"):
        page.locator(f"#frage-{name} button[type=submit]").first.click()
        page.locator(f"#frage-{name} .question__result").wait_for()
    # One that is sent without an answer.
    page.locator("#frage-f-luecken button[type=submit]").first.click()
    page.locator("#frage-f-luecken .kern-error").wait_for()


def lose_connection(page: Page) -> None:
    """Answer while the server cannot be reached."""
    expect(page.locator(".question .eyebrow")).to_be_visible()
    page.context.set_offline(True)
    field = page.locator(".question").locator("input:not([type=hidden]), select").first
    if field.get_attribute("type") in ("radio", "checkbox"):
        page.locator(".question .options label").first.click()
    elif field.evaluate("element => element.tagName") == "SELECT":
        field.select_option(index=1)
    else:
        field.fill("60")
    expect(page.locator("[data-kept]")).to_contain_text("nicht verbunden")


def unfold(page: Page) -> None:
    """Open everything that folds."""
    page.evaluate("document.querySelectorAll('main details').forEach(fold => fold.open = true)")


def choose_all(page: Page) -> None:
    """Fill in the form of a rule and ask for a dry run."""
    page.locator("[name=titel]").fill("Brandschutz und Räumung")
    page.locator("[name=kurs]").select_option(index=1)
    fill({}, "button[value=probelauf]")(page)


def open_menu(page: Page) -> None:
    page.locator(".menu summary").click()


def tamper(page: Page) -> None:
    """Send a form whose token is not ours."""
    page.evaluate("document.querySelectorAll('[name=csrf_token]').forEach(field => field.value = 'fremd')")
    fill({"name": "x", "kennwort": "y"})(page)


WRONG = {"name": "Mira", "kennwort": "falsch"}
SHORT = {"kennwort": "kurz", "wiederholung": "anders"}
PAGES: dict[str, Kind] = {
    "sign-in": Kind("people.sign_in", "/anmelden", "", is_empty=True),
    "sign-in, refused": Kind("people.sign_in", "/anmelden", "", fill(WRONG), is_empty=True),
    "sign-in, session over": Kind("people.sign_in", "/konto", "", unfold),
    "sign-in, official account": Kind("people.sign_in", "/anmelden", ""),
    "sign-in, provider away": Kind("people.sign_in", "/anmelden", "", fill({})),
    "sign-in, provider's answer refused": Kind("openid.callback", "/anmelden/dienstkonto/zurueck", "", status=403),
    "signed out": Kind("people.signed_out", "/abgemeldet", ""),
    "forgotten password": Kind("resets.forgotten_password", "/passwort-vergessen", ""),
    "forgotten password, mistakes": Kind("resets.forgotten_password", "/passwort-vergessen", "", fill({"name": " "})),
    "letter sent": Kind("resets.letter_sent", "/passwort-vergessen/verschickt", ""),
    "invitation": Kind("people.invitation", "/einladung/{link}", ""),
    "invitation, mistakes": Kind("people.invitation", "/einladung/{link}", "", fill(SHORT)),
    "invitation, over": Kind("people.invitation", "/einladung/gibt-es-nicht", "", status=404),
    "account": Kind("people.account", "/konto"),
    "new password": Kind("people.new_password", "/konto/passwort"),
    "new password, mistakes": Kind("people.new_password", "/konto/passwort", "person", fill({"bisher": "x", **SHORT})),
    "start": Kind("start", "/"),
    "start, newcomer": Kind("start", "/", "newcomer"),
    "start, empty": Kind("start", "/", is_empty=True),
    "menu": Kind("library.catalogue", "/katalog", steps=open_menu),
    "catalogue": Kind("library.catalogue", "/katalog"),
    "catalogue, empty": Kind("library.catalogue", "/katalog", is_empty=True),
    "search": Kind("library.search", "/suche?suche=Termin"),
    "search, nothing found": Kind("library.search", "/suche?suche=xyzzy&niveau=grundlagen"),
    "search, empty": Kind("library.search", "/suche?suche=Termin", is_empty=True),
    "job aids": Kind("library.job_aids", "/arbeitshilfen"),
    "job aids, empty": Kind("library.job_aids", "/arbeitshilfen", is_empty=True),
    "job aid": Kind("library.job_aid", "/kurse/bausteine/text/arbeitshilfe/arbeitshilfe-aufnahme-auf-einer-seite"),
    "course": Kind("study.course", "/kurse/bausteine", "newcomer"),
    "course, newer edition": Kind("study.course", "/kurse/bausteine"),
    "course, completed": Kind("study.course", "/kurse/korruption", "finisher"),
    "notice": Kind("study.module", "/kurse/kurzinfo-vordruck/kurzinfo"),
    "editions": Kind("library.editions", "/kurse/bausteine/fassungen"),
    "old edition": Kind("library.edition", "/kurse/bausteine/fassungen/1"),
    "old module": Kind("library.edition_module", "/kurse/bausteine/fassungen/1/text"),
    "module": Kind("study.module", "/kurse/bausteine/text", steps=unfold),
    "module, questions open": Kind("study.module", f"{QUESTIONS}?offen=1"),
    "questions": Kind("study.module", QUESTIONS, "newcomer"),
    "questions, answered": Kind("study.module", QUESTIONS, "practising {language}", answer_practice),
    "question anew": Kind("study.question", f"{QUESTIONS}/fragen/f-einfach"),
    "test": Kind("attempts.start", "/kurse/bausteine/test/test", "newcomer"),
    "test, closed": Kind("attempts.start", "/kurse/bausteine/test/test", "failed test"),
    "test question": Kind("attempts.question", "{amid test}/fragen/1", "amid test"),
    "test question, offline": Kind("attempts.question", "{going offline}/fragen/1", "going offline", lose_connection),
    "hand in": Kind("attempts.hand_in", "{amid test}/abgabe", "amid test"),
    "hand in, complete": Kind("attempts.hand_in", "{at hand-in}/abgabe", "at hand-in"),
    "review": Kind("attempts.review", "{failed test}/ergebnis", "failed test", unfold),
    "review, passed": Kind("attempts.review", "{passed test}/ergebnis", "passed test"),
    "proofs": Kind("study.proofs", "/nachweise"),
    "proofs, empty": Kind("study.proofs", "/nachweise", is_empty=True),
    "end of an agreement": Kind("study.ask_to_end_agreement", "/nachweise/vereinbarungen/{agreement}/beenden"),
    "end of a proposal": Kind("study.ask_to_end_agreement", "/nachweise/vereinbarungen/{proposal}/beenden"),
    "end of an agreement, over": Kind("study.ask_to_end_agreement", "/nachweise/vereinbarungen/{ended}/beenden"),
    "my data": Kind("mydata.my_data", "/meine-daten"),
    "my data, empty": Kind("mydata.my_data", "/meine-daten", is_empty=True),
    "end of extra time": Kind("mydata.ask_to_end_extra_time", "/meine-daten/zeitzuschlag/beenden"),
    "end of extra time, none": Kind("mydata.ask_to_end_extra_time", "/meine-daten/zeitzuschlag/beenden", "newcomer"),
    "overview": Kind("reporting.overview", "/personal", "hr", unfold),
    "overview, empty": Kind("reporting.overview", "/personal", "hr", is_empty=True),
    "overview, as of a day": Kind("reporting.overview", "/personal?stand={earlier}", "hr", unfold),
    "overview, no such day": Kind("reporting.overview", "/personal?stand=2199-12-31", "hr", status=422),
    "list": Kind("reporting.people", "/personal/liste", "hr"),
    "list, as of a day": Kind("reporting.people", "/personal/liste?stand={earlier}", "hr"),
    "list, no such day": Kind("reporting.people", "/personal/liste?stand=2199-12-31", "hr", status=422),
    "list, filtered": Kind("reporting.people", "/personal/liste?status=overdue&pflicht={rule}", "hr"),
    "list, nothing found": Kind("reporting.people", "/personal/liste?suche=xyzzy", "hr"),
    "list, empty": Kind("reporting.people", "/personal/liste", "hr", is_empty=True),
    "record": Kind("reporting.person", "/personal/personen/{person}", "hr"),
    "record, as of a day": Kind("reporting.person", "/personal/personen/{person}?stand={earlier}", "hr"),
    "record, no such day": Kind("reporting.person", "/personal/personen/{person}?stand=2199-12-31", "hr", status=422),
    "record, empty": Kind("reporting.person", "/personal/personen/{newcomer}", "hr"),
    "extra time": Kind("reporting.extra_time", "/personal/personen/{person}/zeitzuschlag", "hr"),
    "extra time, saved": Kind("reporting.extra_time", "/personal/personen/{newcomer}/zeitzuschlag", "hr", fill({})),
    "rules": Kind("reporting.rules", "/personal/pflichtregeln", "hr"),
    "rules, empty": Kind("reporting.rules", "/personal/pflichtregeln", "hr", is_empty=True),
    "new rule": Kind("reporting.new_rule", "/personal/pflichtregeln/neu", "hr"),
    "new rule, empty": Kind("reporting.new_rule", "/personal/pflichtregeln/neu", "hr", is_empty=True),
    "new rule, mistakes": Kind(
        "reporting.new_rule", "/personal/pflichtregeln/neu", "hr", fill({"tage": "bald"}, "button[value=probelauf]")
    ),
    "new rule, dry run": Kind("reporting.new_rule", "/personal/pflichtregeln/neu", "hr", choose_all),
    "end of a rule": Kind("reporting.ask_to_end_rule", "/personal/pflichtregeln/{rule}/beenden", "hr"),
    "agreements": Kind("reporting.agreements", "/personal/vereinbarungen", "hr"),
    "agreements, empty": Kind("reporting.agreements", "/personal/vereinbarungen", "hr", is_empty=True),
    "agreements, mistakes": Kind(
        "reporting.agreements", "/personal/vereinbarungen", "hr", fill({"personalnummer": "X"}, ".w-box button")
    ),
    "end of an agreement, HR": Kind(
        "reporting.ask_to_end_agreement", "/personal/vereinbarungen/{agreement}/beenden", "hr"
    ),
    "end of a proposal, HR": Kind(
        "reporting.ask_to_end_agreement", "/personal/vereinbarungen/{proposal}/beenden", "hr"
    ),
    "end of an agreement, HR, over": Kind(
        "reporting.ask_to_end_agreement", "/personal/vereinbarungen/{ended}/beenden", "hr"
    ),
    "totals": Kind("reporting.totals", "/personal/summen", "works_council"),
    "totals, empty": Kind("reporting.totals", "/personal/summen", "works_council", is_empty=True),
    "team": Kind("reporting.team", "/team", "team_lead"),
    "team, empty": Kind("reporting.team", "/team", "team_lead", is_empty=True),
    "help": Kind("service.help_page", "/hilfe", ""),
    "accessibility": Kind("service.accessibility", "/barrierefreiheit", ""),
    "privacy": Kind("service.privacy", "/datenschutz", ""),
    "absent page": Kind("", "/gibt-es-nicht", status=404),
    "absent course": Kind("", "/kurse/gibt-es-nicht", status=404),
    "foreign form": Kind("", "/anmelden", "", tamper, is_empty=True),
    **{f"error {status}": Kind("", f"/fehler/{status}", status=status) for status in (400, 405, 413, 429, 500, 503)},
}
ENGLISH = (
    *("sign-in, refused", "start", "search", "course, newer edition", "module", "questions, answered"),
    *("test question", "hand in", "review", "proofs", "my data", "account", "overview", "list", "record"),
    *("new rule, dry run", "agreements", "totals", "team", "privacy", "error 503"),
)
