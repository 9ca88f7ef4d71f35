"""The commands `impuls publish`, `impuls local` and `impuls contact`: what they print and how they end."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from learning import clock, paths
from learning.database import work
from learning.language import LANGUAGES, SOURCE_LANGUAGE
from learning.library import actions
from learning.library.commands import NO_COURSE, PLACE, print_text, problem_line
from learning.library.publishing import Change, Published
from learning.library.queries import LocalEntryState, local_entries
from learning.people.commands import open_engine, settings_from_environment
from learning.people.models import Person
from learning.people.words import Line

Answer = TypeVar("Answer")


@click.command()
@click.argument("place", metavar="DIR", type=PLACE, required=False)
@click.option("--starter", "is_starter", is_flag=True, help="Statt DIR: die Kurse, die mit dem Programm kommen.")
@click.option(
    "--kind",
    type=click.Choice([change.value for change in Change]),
    default=Change.REVISION.value,
    show_default=True,
    help="Korrektur (niemand muss etwas tun), Überarbeitung oder Aktualisierung mit Pflicht zur Erneuerung.",
)
@click.option("--note", default="", help="Was sich geändert hat, in einem Satz für Lernende.")
@click.option("--by", "hr_key", default="", metavar="HR-KEY", help="Personalnummer der Person, die veröffentlicht.")
@click.option(
    "--wrong-key",
    "wrong_keys",
    multiple=True,
    metavar="KURS/FRAGE",
    help="Frage, deren bisherige Lösung falsch war: Nur solche darf eine Korrektur anders bewerten. Mehrfach möglich.",
)
def publish(
    place: Path | None, kind: str, note: str, hr_key: str, wrong_keys: tuple[str, ...], *, is_starter: bool
) -> None:
    """Veröffentlicht einen Kurs, eine ZIP-Datei oder einen Ordner mit Kursen als neue, unveränderliche Fassung.

    Was sich nicht geändert hat, bleibt, wie es ist. Ist an einem Kurs etwas falsch, erscheint alles davon mit Datei und
    Zeile, und nichts wird veröffentlicht.
    """
    # Only this command needs the parsers; the others start without them.
    from learning.library.media import ChangedMeanwhile
    from learning.library.publication import PublishOrder, publish_place

    place = named_place(place, is_starter=is_starter)
    engine = open_engine(settings_from_environment())
    try:
        by = work(engine, lambda session: person_key(session, hr_key)) if hr_key else None
        order = PublishOrder(
            place, Change(kind), note.strip(), by, clock.now(), clock.today(), wrong_keys=frozenset(wrong_keys)
        )
        publication = publish_place(engine, order)
    except ChangedMeanwhile as error:
        raise click.ClickException(
            f"{error}: Während des Veröffentlichens hat sich eine Datei geändert. Bitte noch einmal."
        ) from error
    finally:
        engine.dispose()
    if publication is None:
        raise click.BadParameter(NO_COURSE["de"], param_hint="DIR")
    for problem in publication.problems:
        print_text(problem_line(place, problem, "de"))
    for published in publication.courses:
        print_text(published_line(published))
    if publication.is_refused:
        print_text("Nicht veröffentlicht: Bitte beheben Sie zuerst, was oben steht.")
        sys.exit(1)


def named_place(place: Path | None, *, is_starter: bool) -> Path:
    """What is to be published: the named place or the starter library, one of the two."""
    if is_starter == (place is not None):
        raise click.UsageError("Nennen Sie einen Ordner mit Kursen oder --starter, eines von beiden.")
    return place or paths.content()


def published_line(published: Published) -> str:
    """What happened to one course, in words."""
    if not published.is_new:
        return f"{published.slug}: unverändert, Fassung {published.number} gilt weiter."
    line = f"{published.slug}: Fassung {published.number} veröffentlicht."
    if published.changed_keys:
        line += f" Anders bewertet als bisher: {', '.join(published.changed_keys)}."
    return line


def person_key(session: Session, hr_key: str) -> int:
    """The key of an active person."""
    key = session.scalar(select(Person.key).where(Person.hr_key == hr_key, Person.is_active))
    if key is None:
        raise click.ClickException(f"Eine aktive Person mit der Personalnummer {hr_key} gibt es nicht.")
    return key


def done(function: Callable[[Session], Answer]) -> Answer:
    """`function` as one unit of work, what it refuses as a message."""
    engine = open_engine(settings_from_environment())
    try:
        return work(engine, function)
    except actions.UnknownCourse as error:
        raise click.ClickException(f"Einen Kurs mit der Kennung {error} gibt es nicht.") from error
    except actions.UnknownContact as error:
        raise click.ClickException(f"Eine aktive Person mit der Personalnummer {error} gibt es nicht.") from error
    finally:
        engine.dispose()


@click.group()
def local() -> None:
    """Füllt örtliche Angaben aus, die Kurse mit [[local:…]] einsetzen."""


@local.command("set")
@click.argument("entry", type=Line(64), metavar="KEY")
@click.argument("text", type=Line(10_000, may_be_empty=True), metavar="TEXT")
@click.option("--language", type=click.Choice(list(LANGUAGES)), default=SOURCE_LANGUAGE, show_default=True)
def set_local(entry: str, text: str, language: str) -> None:
    """Schreibt, was hier gilt; sofort in allen Kursen zu sehen. Ein leerer Text macht die Angabe wieder offen."""

    def write(session: Session) -> tuple[LocalEntryState, ...]:
        actions.write_local_text(session, entry, text, language=language)
        return local_entries(session)

    known = {state.key: state for state in done(write)}
    courses = known[entry].courses if entry in known else ()
    used = f"steht in {', '.join(courses)}" if courses else "noch von keinem Kurs gebraucht"
    print_text(f"{entry} ({language}): {text.strip() or 'offen'}; {used}.")


@local.command("list")
def list_local() -> None:
    """Zeigt alle örtlichen Angaben, offene zuerst; Status 1, solange etwas offen ist."""
    states = sorted(done(local_entries), key=lambda state: (bool(state.texts), state.key))
    for state in states:
        name = state.names.get(SOURCE_LANGUAGE, "")
        texts = "; ".join(f"{language}: {text}" for language, text in state.texts.items()) or "OFFEN"
        print_text(f"{state.key}{f' ({name})' if name else ''}: {texts}  [{', '.join(state.courses) or '–'}]")
    sys.exit(1 if any(not state.texts for state in states) else 0)


@click.group()
def contact() -> None:
    """Benennt, wer in dieser Dienststelle Rückfragen zum Inhalt eines Kurses beantwortet."""


@contact.command("set")
@click.argument("course", type=Line(64), metavar="KURS")
@click.option(
    "--person",
    "hr_key",
    type=Line(64, may_be_empty=True),
    default="",
    metavar="HR-KEY",
    help="Eine Person; Name und Adresse folgen ihr.",
)
@click.option(
    "--name", type=Line(200, may_be_empty=True), default="", help="Statt einer Person: ein Team oder ein Postfach."
)
@click.option("--mail", type=Line(254, may_be_empty=True), default="", help="Adresse des Teams.")
@click.option("--phone", type=Line(40, may_be_empty=True), default="", help="Telefonnummer, wie sie erscheinen soll.")
def set_contact(course: str, hr_key: str, name: str, mail: str, phone: str) -> None:
    """Benennt die Ansprechperson des Kurses mit dieser Kennung; ohne Person und Namen: niemanden."""
    done(lambda session: actions.name_contact(session, course, hr_key=hr_key, name=name, mail=mail, phone=phone))
    print_text(f"{course}: {name or hr_key or 'keine Ansprechperson'}.")
