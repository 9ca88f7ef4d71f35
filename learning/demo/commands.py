"""The command `impuls demo`: makes the demonstration once, says who can sign in, and serves it where that is wanted."""

import time
from collections.abc import Iterator
from pathlib import Path

import click
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from learning import clock, paths
from learning.database import make_engine
from learning.demo.beginning import OthersAreHere, is_empty
from learning.demo.sign_ins import SignIn, sign_ins_place
from learning.library.publish_commands import published_line
from learning.library.publishing import Change
from learning.people.commands import settings_from_environment
from learning.schema import migrate
from learning.serving import serve_product

SEED = 2019


@click.command(short_help="Füllt eine leere Datenbank mit einem erfundenen Jobcenter.")
@click.option("--seed", default=SEED, show_default=True, help="Ein anderer Wert gibt andere Namen und Verläufe.")
@click.option("--serve", "is_served", is_flag=True, help="Danach gleich die Lernbibliothek starten.")
def demo(seed: int, *, is_served: bool) -> None:
    """Füllt eine leere Datenbank mit dem erfundenen Jobcenter Musterkreis und druckt, wer sich anmelden kann.

    Beim zweiten Mal bleibt alles, wie es ist; nur geänderte Kurse der mitgelieferten Bibliothek erscheinen neu. Hat die
    Datenbank schon andere Personen oder Kurse, geschieht nichts.
    """
    settings = settings_from_environment()
    settings.data.mkdir(parents=True, exist_ok=True)
    place = sign_ins_place(settings.data)
    engine = make_engine(settings.database_url)
    try:
        migrate(engine)
        for line in prepared_demonstration(engine, place, seed=seed):
            click.echo(line)
    finally:
        engine.dispose()
    if is_served:
        serve_product(settings)


def prepared_demonstration(engine: Engine, place: Path, *, seed: int) -> Iterator[str]:
    """Make what is not there yet; answers what to say about it. `place` is the file of the sign-ins."""
    with Session(engine) as session:
        is_new = is_empty(session)
    if not is_new and not place.is_file():
        raise click.ClickException(
            "In dieser Datenbank sind schon Personen oder Kurse; die Vorführung braucht eine leere. "
            "Ihre eigene Bibliothek startet: impuls serve"
        )
    if is_new:
        yield from newly_made(engine, place, seed=seed)
    else:
        yield from newly_published(engine)
        yield f"Die Vorführung ist schon da. Anmeldenamen und Passwörter: {place}"


def newly_made(engine: Engine, place: Path, *, seed: int) -> Iterator[str]:
    """Make it, and say who can sign in."""
    # A second start does not need what only making needs.
    from learning.demo.making import make_demonstration

    yield "Die Vorführung entsteht (einmal, etwa zehn Sekunden) …"
    begun = time.monotonic()
    try:
        made = make_demonstration(engine, place, seed=seed, today=clock.today())
    except OthersAreHere as error:
        raise click.ClickException("Während die Vorführung entstand, kamen andere Personen dazu.") from error
    yield f"{made.people} Personen und {made.courses} Kurse in {time.monotonic() - begun:.0f} Sekunden."
    yield from table(made.sign_ins)
    yield f"Das steht auch in {place}, nur für Ihr Konto lesbar."


def newly_published(engine: Engine) -> Iterator[str]:
    """Publish what has changed in the starter library, and say so."""
    # The first start publishes by itself.
    from learning.library.publication import PublishOrder, publish_place

    order = PublishOrder(paths.content(), Change.REVISION, "", None, clock.now(), clock.today())
    publication = publish_place(engine, order)
    assert publication is not None, "the starter library has courses"
    yield from (published_line(one) for one in publication.courses if one.is_new)
    if publication.is_refused:
        yield f"An Kursen ist etwas falsch, neue Fassungen sind nicht erschienen: impuls check {paths.content()}"


def table(sign_ins: tuple[SignIn, ...]) -> list[str]:
    """One line for each sign-in, in columns."""
    rows = [("Wer", "Name", "Anmeldename", "Passwort")]
    rows += [(each.part, each.name, each.account, each.password) for each in sign_ins]
    widths = [max(len(row[at]) for row in rows) for at in range(4)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
