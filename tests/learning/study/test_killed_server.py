"""A real server process is killed (SIGKILL) while people answer; what was acknowledged is there afterwards, once."""

import random
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from learning.settings import ProductSettings
from tests.factories import person
from tests.figures import examples
from tests.learning.study.killing import ACKNOWLEDGES_TOO_EARLY, Desk, Load, Server, compared, desks_at
from tests.learning.study.taking import learner, right_fields

KILLS = examples(5, hardened=50)
LEARNERS = examples(4, hardened=12)
ANSWERS = 25


@contextmanager
def running(settings: ProductSettings, *, seam: str = "") -> Iterator[Server]:
    server = Server(settings.data, settings.database_url, seam)
    server.start()
    try:
        yield server
    finally:
        server.kill()


def kill_under_load(server: Server, desks: list[Desk], *, kills: int) -> Load:
    chance = random.Random(7)
    with Load(desks) as load:
        for _ in range(kills):
            load.wait_for(chance.randint(ANSWERS, 2 * ANSWERS))
            server.kill()
            server.start()
        load.wait_for(ANSWERS)
    return load


@pytest.mark.slow
@pytest.mark.harden
def test_killing_the_server_loses_and_doubles_no_acknowledged_answer(
    session: Session, engine: Engine, product_settings: ProductSettings
) -> None:
    with running(product_settings) as server:
        desks = desks_at(server, session, engine, count=LEARNERS)
        load = kill_under_load(server, desks, kills=KILLS)
    lost, doubled, overtaken = compared(session, desks)
    acknowledged, slowest = sum(len(one.ledger) for one in desks), max(server.recoveries[1:])
    print(
        f"\n{engine.dialect.name}: {KILLS} kills, {acknowledged} answers acknowledged, {lost} lost, {doubled} doubled, "
        f"started again in at most {slowest:.1f} s"
    )
    assert acknowledged > ANSWERS * KILLS
    assert (lost, doubled, overtaken) == (0, 0, 0)
    assert set(load.refusals()) <= {(503, True)}


@pytest.mark.slow
def test_a_server_that_acknowledges_before_the_commit_is_found_out(
    session: Session, engine: Engine, product_settings: ProductSettings
) -> None:
    with running(product_settings) as server:
        desks = desks_at(server, session, engine, count=2)
    with running(product_settings, seam=ACKNOWLEDGES_TOO_EARLY) as server:
        for one in desks:
            one.port = server.port
        kill_under_load(server, desks, kills=2)
    lost, _doubled, _overtaken = compared(session, desks)
    print(f"\n{engine.dialect.name}: acknowledged too early, {lost} answers lost with two kills")
    assert lost > 0


def test_the_comparison_sees_what_is_lost_and_what_is_overtaken(session: Session, engine: Engine) -> None:
    own = learner(session, engine, person(session))
    attempt_id = own.start()
    own.save(attempt_id, 0, right_fields(own.taken(attempt_id))[0], key=str(uuid.UUID(int=1)))
    kept, gone = (str(uuid.UUID(int=1)), 0, 1), (str(uuid.UUID(int=2)), 0, 2)
    assert compared(session, [Desk(own, "", 0, attempt_id, ledger=[kept])]) == (0, 0, 0)
    assert compared(session, [Desk(own, "", 0, attempt_id, ledger=[kept, gone])]) == (1, 0, 1)
