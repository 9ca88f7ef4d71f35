"""What the authority for browser tests is filled with: people, courses, duties in every state, attempts, proofs.

Nothing here depends on what any page shows; whoever needs another state of a page furnishes a person for it.
"""

import datetime
import shutil
import uuid
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from learning import audit, clock
from learning.library.models import StoredCourse
from learning.obligations import actions, agreements, cycles, proofs
from learning.obligations.actions import Audience, RuleDraft
from learning.obligations.agreements import Side
from learning.obligations.proofs import Completed
from learning.obligations.rules import Anchor, Basis, Recurrence
from learning.people.models import Person, Unit
from learning.people.roles import Role
from learning.study.attempts.extra_time import FACTORS, set_extra_time
from learning.study.attempts.queries import attempt_of, taken
from tests import factories
from tests.browser.authority import Furnisher
from tests.learning.library.written_courses import QUESTION, write_course
from tests.learning.study.taking import right_fields
from tests.pages import SAMPLES, send

DAY = datetime.timedelta(days=1)
TEXT = "\n## Der Fall\n\nFrau Brandt legt eine Akte an.\n"
# A course that is a duty: its id, title, when its rule began and how many days people had.
DUTIES = (
    ("arbeitsschutz", "Arbeitsschutz im Büro", 60, 30),
    ("gewaltpraevention", "Gewaltprävention und Deeskalation", 60, 70),
    ("datenschutz", "Datenschutz und Sozialdatenschutz", 30, 65),
    ("korruption", "Korruptionsprävention", 90, 150),
    ("gleichbehandlung", "Allgemeines Gleichbehandlungsgesetz", 30, 45),
)
NAMES = """Amann Heike|Bickelhaupt Olga|Brandstätter Sven|Crößmann Wiebke|Demirci Nuray|Engelhaupt Samuel|Funke Dariusz
Funke Thomas|Göbel Silke|Holzapfel Miriam|Ibrahimović Maja|Ionescu Marlene|Jansen Frank|Jansen Paul|Kirchhain Ines
Leutheusser-Schnarrenberger Anna-Katharina|Okafor Dilara|Pfannmüller Jörg|Reichwein Jonas|Rautenberg Uwe|Seiffert Hatice
Trautwein Nils|Wagenbach Vera|Weidenfeller Marlene|Yıldız Aylin|Zimmermann Ruth|Ziegler Tim|Öztürk Deniz"""


def furnish_nothing(one: Furnisher) -> None:
    """An authority on its first day: no course, no duty, a person for each page."""
    unit = factories.unit(one.session, "Jobcenter Musterkreis")
    one.sign_in("person", factories.person(one.session, "Miriam Sander", unit=unit))
    one.with_role(Role.HR, unit, "Birgit Hesselbach")
    one.with_role(Role.TEAM_LEAD, unit, "Jonas Reichwein")
    one.with_role(Role.WORKS_COUNCIL, unit, "Klaus Dörrbecker")


def furnish_all(one: Furnisher) -> None:
    """An authority with three teams, duties in every state, courses, attempts, proofs, agreements."""
    root = factories.unit(one.session, "Jobcenter Musterkreis")
    units = [factories.unit(one.session, "Leistung Süd", parent=root)]
    units.append(factories.unit(one.session, "Team 1", parent=units[0]))
    units.append(factories.unit(one.session, "Eingangszone und Servicecenter", parent=root))
    people = [
        factories.person(one.session, " ".join(reversed(name.split(" "))), unit=units[number % 3])
        for number, name in enumerate(NAMES.replace("\n", "|").split("|"))
    ]
    hr = one.with_role(Role.HR, root, "Birgit Hesselbach")
    one.with_role(Role.TEAM_LEAD, units[0], "Jonas Reichwein")
    one.with_role(Role.WORKS_COUNCIL, root, "Klaus Dörrbecker")
    one.with_role(Role.DATA_PROTECTION, root, "Marlene Weidenfeller")
    publish_courses(one)
    learner = factories.person(one.session, "Miriam Sander", unit=units[1])
    people.append(learner)
    oblige(one, people, hr=hr, unit=units[0])
    agree(one, learner, hr=hr)
    one.sign_in("other browser", learner)
    study(one, one.sign_in("person", learner))
    take_tests(one, units[1])
    finish(one, one.sign_in("finisher", factories.person(one.session, "Ganz Fertig", unit=units[1])))
    one.authority.named |= {
        "person": str(learner.id),
        "link": one.link(people[0]),
        "newcomer": str(factories.person(one.session, "Ohne Pflichten", unit=root).id),
    }
    for place in ("newcomer", "practising de", "practising en"):
        one.sign_in(place, factories.person(one.session, "Neu Hier", unit=root))
    one.session.commit()


def publish_courses(one: Furnisher) -> None:
    """The sample course in two editions, a notice, and a small course for each duty."""
    factories.published_course(one.session, SAMPLES / "bausteine")
    # What belongs to all courses stands beside them.
    shutil.copytree(SAMPLES, one.folder / "samples")
    revised = one.folder / "samples" / "bausteine"
    text = revised / "01-text.md"
    text.write_text(text.read_text(encoding="utf-8").replace("Notizzettel", "Zettel"), encoding="utf-8")
    one.authority.named["revised"] = str(revised)
    factories.published_course(one.session, SAMPLES / "kurzinfo-vordruck")
    for slug, title, _started, _days in DUTIES:
        place = write_course(one.folder, slug, title=title, erstes=TEXT + QUESTION, zweites=TEXT)
        factories.published_course(one.session, place)


def oblige(one: Furnisher, people: list[Person], *, hr: Person, unit: Unit) -> None:
    """Rules of several ages, and proofs so that every state occurs."""
    one.authority.named["earlier"] = (clock.today() - 20 * DAY).isoformat()
    everyone = Audience(is_everyone=True)
    yearly = Recurrence(Basis.COMPLETION, period_months=12, window_days=30, min_active_days=180)
    for number, (course_id, title, started, days) in enumerate(DUTIES):
        begun = clock.now() - started * DAY
        audience = Audience(units=((unit.key, True),)) if number == 1 else everyone
        draft = RuleDraft(
            course_id=course_id,
            title=title,
            audience=audience,
            starts_on=clock.today() - started * DAY,
            anchor=Anchor.RULE_START,
            days=days,
            recurrence=yearly,
            legal_basis="§ 12 ArbSchG",
        )
        key = str(uuid.uuid4())
        rule = actions.make_rule(
            one.session, draft, within=Unit.path.is_not(None), actor=hr.key, request_key=key, now=begun
        )
        one.authority.named["rule"] = str(rule.id)
        for person in people[number::3]:
            prove(one, person, course_id, clock.now() - (started - 10) * DAY)
    day = clock.today()
    actions.suspend(one.session, people[7].key, from_on=day, until_on=day + 120 * DAY, actor=hr.key, now=clock.now())
    cycles.sweep(one.session, today=day, now=clock.now())
    one.session.commit()


def prove(one: Furnisher, person: Person, course_id: str, moment: datetime.datetime) -> None:
    """A proof of a day in the past."""
    editions = select(StoredCourse.edition_key).where(StoredCourse.slug == course_id)
    completed = Completed(
        person_key=person.key,
        course_id=course_id,
        completed_on=moment.date(),
        edition_key=one.session.scalar(editions),
    )
    proofs.write_proof(one.session, completed, now=moment)


def agree(one: Furnisher, person: Person, *, hr: Person) -> None:
    """One qualification in force, one proposed, one declined, extra time, a private proof, an entry of who looked."""
    for course_id, state in (("bausteine", "proposal"), ("korruption", "agreement"), ("kurzinfo-vordruck", "ended")):
        made = agreements.propose(
            one.session, person.key, course_id=course_id, actor=hr.key, side=Side.HR, now=clock.now()
        )
        one.authority.named[state] = str(made.id)
        if state == "agreement":
            agreements.confirm(one.session, made, side=Side.PERSON, now=clock.now())
        if state == "ended":
            agreements.end(one.session, made, now=clock.now())
    set_extra_time(one.session, person.key, FACTORS[0], by=hr.key, now=clock.now())
    prove(one, person, "kurzinfo-vordruck", clock.now() - 20 * DAY)
    audit.record(
        one.session,
        actor=hr.key,
        role=Role.HR.value,
        action="record.see",
        object_type="person",
        object_id=str(person.id),
        subjects=[person.key],
        purpose="duties",
        now=clock.now(),
    )
    one.session.commit()


def study(one: Furnisher, browser: FlaskClient) -> None:
    """Some reading in one course and a newer edition of it."""
    answered = send(browser, "/kurse/bausteine/fragen/fragen/f-einfach", {"f-f-einfach": "0"})
    assert "question__result" in answered.text
    factories.published_course(
        one.session,
        Path(one.authority.named["revised"]),
        note="Neuer Vordruck im zweiten Abschnitt",
        now=clock.now(),
    )


def finish(one: Furnisher, browser: FlaskClient) -> None:
    """A course from its first module to its proof."""
    send(browser, "/kurse/korruption/erstes/fragen/frist", {"f-frist": "0"})
    for module in ("erstes", "zweites"):
        assert send(browser, f"/kurse/korruption/{module}/weiter").status_code == 303


def take_tests(one: Furnisher, unit: Unit) -> None:
    """One person amid a test, one who handed in too little, one who passed, one before the last click."""
    places = ("amid test", "going offline", "failed test", "passed test", "at hand-in")
    for place in places:
        person = factories.person(one.session, f"Test {place.title()}", unit=unit)
        browser = one.sign_in(place, person)
        address = send(browser, "/kurse/bausteine/test/test", {"zu": "1"}).location
        attempt = address.rpartition("/fragen/")[0]
        one.authority.named[place] = attempt
        if place in ("passed test", "at hand-in"):
            answer_all(one, browser, attempt, person)
        if place in ("passed test", "failed test"):
            send(browser, attempt, {"zu": "ergebnis"})


def answer_all(one: Furnisher, browser: FlaskClient, attempt: str, person: Person) -> None:
    """The right answer to every question of an attempt."""
    with Session(one.engine) as session:
        place = attempt_of(session, person.key, uuid.UUID(attempt.rpartition("/")[2]))
        assert place is not None
        right = right_fields(taken(session, place))
    for number, fields in enumerate(right, start=1):
        answers = {name: list(values) for name, values in fields.items()}
        form = {"stelle": number, "fassung": 0, "schluessel": str(uuid.uuid4()), "zu": "abgabe", **answers}
        assert send(browser, attempt, form).status_code == 303
