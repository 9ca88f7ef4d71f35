"""A provider, or somebody between it and us, tries to sign in whom it may not: nobody gets in, case by case.

Where one check alone stands against a case, a second test takes that check away and somebody gets in: so the case would
succeed without it, and a case that cannot succeed does not count.
"""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from learning.openid.provider import Provider
from learning.settings import ProductSettings
from tests import factories
from tests.learning.conftest import product_with
from tests.learning.people.hostile_cases import CASES, SUBJECT, Case, Stage
from tests.learning.people.official import Way, hostile_client, openid_settings
from tests.provider.hostile import Hostile


@pytest.fixture(scope="module")
def product(engine: Engine, product_settings: ProductSettings, hostile: Hostile) -> Iterator[Flask]:
    with product_with(hostile_client(product_settings, hostile)) as made:
        yield made


@pytest.fixture
def stage(app: Flask, session: Session, hostile: Hostile, monkeypatch: pytest.MonkeyPatch) -> Stage:
    hostile.honest()
    app.extensions["impuls-openid"] = Provider(openid_settings(hostile.issuer))
    miriam = factories.person(session, "Miriam Sander")
    hostile.claims = {"sub": SUBJECT, "email": miriam.mail, "email_verified": True}
    way, other_way = (Way(app.test_client(), hostile) for _ in range(2))
    return Stage(monkeypatch, hostile, session, way, other_way, miriam)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_nobody_is_signed_in(stage: Stage, case: Case) -> None:
    case.come(stage)
    assert not stage.way.is_signed_in
    assert not stage.other_way.is_signed_in


@pytest.mark.parametrize("case", [case for case in CASES if case.off], ids=lambda case: case.name)
def test_somebody_would_be_without_the_check_that_stops_it(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, case: Case
) -> None:
    assert case.off is not None
    case.off(monkeypatch)
    case.come(stage)
    assert stage.way.is_signed_in


def test_an_honest_provider_signs_in(stage: Stage) -> None:
    stage.way.through()
    assert stage.way.shows(stage.miriam)
    assert not stage.other_way.is_signed_in


def test_there_are_at_least_25_different_cases() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 25
