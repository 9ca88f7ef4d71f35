"""The command `impuls rescore`: what it prints and how it ends. Numbers only, and none that could be one person's."""

import click

from learning import clock
from learning.database import work
from learning.library.publish_commands import person_key
from learning.people.commands import open_engine, settings_from_environment
from learning.people.words import Line
from learning.study.rescoring.corrections import NothingCorrected, UnknownCourse, UnknownQuestion
from learning.study.rescoring.runs import Outcome, run_rescoring

# By data-protection.md: 10 for everything that says how questions were answered, 5 for completions.
LEAST_ATTEMPTS = 10
LEAST_PROOFS = 5
LONGEST = 200


@click.command("rescore", short_help="Hebt Ergebnisse an, nachdem eine falsche Lösung berichtigt wurde.")
@click.argument("place", type=Line(LONGEST), metavar="KURS[/FRAGE]")
@click.option("--apply", "is_applied", is_flag=True, help="Anheben; ohne das nur zählen, was angehoben würde.")
@click.option("--by", "hr_key", type=Line(64), metavar="HR-KEY", help="Personalnummer der Person, die es veranlasst.")
def rescore_command(place: str, hr_key: str | None, *, is_applied: bool) -> None:
    """Bewertet abgegebene Tests mit berichtigten Lösungen neu: Ergebnisse steigen, keines sinkt.

    Es gilt, was mit --wrong-key veröffentlicht wurde, für KURS oder nur für eine FRAGE darin.
    """
    if is_applied and not hr_key:
        raise click.UsageError("Wer veranlasst das? --by HR-KEY nennt die Person.")
    course_id, _, question_id = place.partition("/")
    engine = open_engine(settings_from_environment())
    try:
        by = work(engine, lambda session: person_key(session, hr_key)) if hr_key else None
        outcome = run_rescoring(
            engine, course_id, question_id=question_id, by=by if is_applied else None, now=clock.now()
        )
    except UnknownCourse as error:
        raise click.ClickException(f"Einen Kurs mit der Kennung {error} gibt es nicht.") from error
    except UnknownQuestion as error:
        raise click.ClickException(f"Eine Frage mit der Kennung {error} gibt es in diesem Kurs nicht.") from error
    except NothingCorrected as error:
        raise click.ClickException(
            f"{error}: Hier wurde noch keine falsche Lösung berichtigt. "
            f"Zuerst veröffentlichen: impuls publish DIR --kind correction --wrong-key KURS/FRAGE"
        ) from error
    finally:
        engine.dispose()
    for line in lines(outcome, is_applied=is_applied):
        click.echo(line)


def lines(outcome: Outcome, *, is_applied: bool) -> tuple[str, ...]:
    """What a run says, in whole lines."""
    rescored = outcome.rescored
    return (
        f"Angehobene Versuche: {_number(rescored.raised, LEAST_ATTEMPTS)}",
        f"Dadurch bestanden: {_number(rescored.passed, LEAST_ATTEMPTS)}",
        f"Personen mit neuem Nachweis: {_number(rescored.proofs, LEAST_PROOFS)}",
        f"Nicht vergleichbar, bleiben wie sie sind: {_number(rescored.incomparable, LEAST_ATTEMPTS)}",
        f"Schon gelöscht (erste Versuche, mindestens): {_number(outcome.forgotten, LEAST_ATTEMPTS)}",
        f"Noch in Arbeit, nach der Abgabe bitte wiederholen: {_number(rescored.in_progress, LEAST_ATTEMPTS)}",
        "Angehoben." if is_applied else "Nichts wurde geändert. Anheben: --apply --by HR-KEY",
    )


def _number(count: int, least: int) -> str:
    """A number as it may be said: none, or not fewer than `least`."""
    return str(count) if count == 0 or count >= least else f"weniger als {least}"
