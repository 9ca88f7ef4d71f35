"""Naughty strings through every text field: the same text comes back, or a clear refusal; nothing answers 5xx.

What fields of one line change is written in learning/web/forms.py: control characters are left out, space is one space,
and what is longer than the field is cut.
"""

import itertools
import uuid
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import quote

import pytest
from argon2 import PasswordHasher
from flask import Flask
from markupsafe import escape

from learning.people import passwords
from learning.people.roles import Role
from learning.web.forms import typed_line, typed_text
from tests.figures import examples
from tests.hostile.lists import naughty_texts
from tests.learning.access.markers import Relation
from tests.learning.access.walk import Visitor, address_of, send
from tests.learning.access.world import COURSE, LESSON, World
from tests.learning.matrix import BODIES, Body, cells_of, routes

pytestmark = pytest.mark.slow

# Lists cut into parts in turn, so that short runs still try every string somewhere.
EVERY = examples(24, hardened=1)
MORE = ("", " ", "\0", "a\0b", "\ud800", "x" * 20_000, "é" * 5_000, "\u202e", "\r\n\t", "'" * 300, "🏳️‍🌈" * 200)


def texts(place: int) -> list[str]:
    """A share of all strings; the next place tries the next ones."""
    return [*naughty_texts()[place % EVERY :: EVERY], *MORE]


def line(text: str, longest: int) -> str:
    """What a field of one line keeps."""
    return typed_line({"x": text}, "x", longest=longest)


def posted(visitor: Visitor, address: str, **fields: str) -> tuple[int, str]:
    """Status and text of the answer to a form."""
    sent = {name: value.encode("utf-8", "surrogatepass") for name, value in fields.items()}
    answer = send(visitor.client, address, Body(sent), token=visitor.token)
    return answer.status, answer.text


@pytest.fixture(scope="module", autouse=True)
def quick_hashes() -> object:
    """Passwords are hashed as cheaply as possible: what is tried here is what they consist of."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture
def hr(app: Flask, world: World) -> Visitor:
    world.wear(Role.HR)
    return Visitor(app, world, Role.HR)


def shows(text: str, page: str) -> bool:
    """True if the text stands in the page, escaped as it has to be."""
    return not text or str(escape(text)) in page


@pytest.mark.harden
def test_no_field_of_any_form_breaks_anything(app: Flask, world: World) -> None:
    """Each field of each valid form in turn, and the fields that templates send beside them."""
    beside = {"people.take_sign_in": ("weiter", "gehalten"), "attempts.turn_page": ("schluessel", "fassung")}
    tried, failed = 0, []
    world.wear(Role.HR)
    visitor = Visitor(app, world, Role.HR)
    places = itertools.count()
    for route in routes():
        if route.method == "GET" or route.is_for_servers:
            continue
        cell = next(cells_of(world, route))
        assert cell.body is not None
        for name in (*cell.body.form, *beside.get(route.endpoint, ())):
            for text in texts(next(places)):
                form = {**cell.body.form, name: text.encode("utf-8", "surrogatepass")}
                token = visitor.token
                answer = send(visitor.client, address_of(app, cell), Body(form), token=token, method=route.method)
                tried += 1
                if answer.status >= 500:
                    failed.append(f"{route.endpoint} {name} {text[:40]!r}: {answer.status}")
                if route.endpoint.startswith("people.") and answer.status == 303:
                    visitor.arrive()
    print(f"{tried} forms")
    assert not failed, "\n".join(failed)
    assert tried > 1_000


@pytest.mark.harden
def test_no_address_and_no_filter_breaks_anything(hr: Visitor) -> None:
    filters = {
        "/katalog": ("suche", "thema", "art", "niveau", "dauer", "kompetenz", "kurssprache", "sortierung", "seite"),
        "/suche": ("suche", "seite"),
        "/personal": ("stand",),
        "/personal/liste": ("suche", "einheit", "pflicht", "status", "stand", "seite"),
        "/personal/liste.csv": ("suche", "einheit", "pflicht", "status", "stand"),
        "/anmelden": ("weiter",),
    }
    parts = ("/einladung/{}", "/kurse/{}", f"/kurse/{COURSE}/{{}}", f"/kurse/{COURSE}/{LESSON}/fragen/{{}}", "/{}")
    places, failed = itertools.count(), []
    addresses = [f"{path}?{name}={{}}" for path, names in filters.items() for name in names]
    for pattern in (*addresses, *parts):
        for text in texts(next(places)):
            address = pattern.format(quote(text[:2_000].encode("utf-8", "surrogatepass"), safe=""))
            status = hr.client.get(address).status_code
            if status >= 500:
                failed.append(f"{pattern} {text[:40]!r}: {status}")
    assert not failed, "\n".join(failed)


@pytest.mark.harden
def test_what_is_searched_for_stands_in_the_field_again(hr: Visitor) -> None:
    for place, address in enumerate(("/suche", "/katalog", "/personal/liste")):
        for text in naughty_texts()[place % EVERY :: EVERY]:
            answer = hr.client.get(address, query_string={"suche": text}, follow_redirects=True)
            assert answer.status_code == 200, (address, text)
            # The library looks for space alone, lists of people leave control characters out as all forms do.
            kept = " ".join(text[:200].replace("\0", " ").split()) if address != "/personal/liste" else line(text, 100)
            assert shows(kept[:100], answer.text), (address, text)


@pytest.mark.harden
def test_refused_forms_keep_what_was_typed(hr: Visitor) -> None:
    forms: Mapping[str, Mapping[str, int]] = {
        "/personal/pflichtregeln/neu": {"titel": 200, "rechtsgrundlage": 500, "tage": 5, "frist": 10, "ende": 10},
        "/personal/vereinbarungen": {"personalnummer": 64},
        "/anmelden": {"name": 254},
    }
    places = itertools.count()
    for address, fields in forms.items():
        for name, longest in fields.items():
            for text in naughty_texts()[next(places) % EVERY :: EVERY]:
                # The day of a deadline is only read where the rule says that it has one.
                beside = {"anker": "fixed"} if name == "frist" else {}
                status, page = posted(hr, address, **beside, **{name: text})
                assert status == 422, (address, name, text)
                assert shows(line(text, longest), page), (address, name, text)


@pytest.mark.harden
def test_a_rule_is_listed_under_the_title_that_was_typed(hr: Visitor) -> None:
    (route,) = [one for one in routes() if (one.endpoint, one.object) == ("reporting.make_rule", "unit_in_form")]
    kept = []
    for text in naughty_texts()[::EVERY]:
        if title := line(text, 200):
            cell = next(cell for cell in cells_of(hr.world, route) if cell.relation is Relation.SUB_UNIT)
            body = BODIES[route.endpoint](hr.world, Relation.SUB_UNIT, titel=text)
            assert hr.ask(replace(cell, body=body)).status == 303, text
            kept.append(title)
    page = hr.client.get("/personal/pflichtregeln").text
    assert [title for title in kept if not shows(title, page)] == []


@pytest.mark.harden
def test_answers_come_back_as_they_were_typed(hr: Visitor) -> None:
    """A typed text, gaps, a free text in practice; a gap and a number in a test, by form and by script."""
    for name, question in (("f-f-text", "f-text"), ("f-f-luecken-0", "f-luecken"), ("f-f-frei", "f-frei")):
        for place, text in enumerate(naughty_texts()[len(name) % EVERY :: EVERY]):
            status, page = posted(hr, f"/kurse/{COURSE}/{LESSON}/fragen/{question}", **{name: text})
            assert status == 200, (name, text)
            kept = typed_text({"x": text}, "x", longest=10_000)
            if kept.strip():
                assert shows(" ".join(kept.split()), " ".join(page.split())), (name, text)
                if place % 4 == 0:
                    again = hr.client.get(f"/kurse/{COURSE}/{LESSON}").text
                    assert shows(" ".join(kept.split()), " ".join(again.split())), (name, text)


@pytest.mark.harden
def test_scripts_save_what_was_typed_or_are_told_that_it_is_unreadable(hr: Visitor) -> None:
    attempt_id = hr.world.attempts[Relation.OWN]
    page = hr.client.get(f"/versuche/{attempt_id}/fragen").text
    item = page[: page.index('name="f-t-luecke-0"')].count('name="schluessel"') - 1
    versions = itertools.count()
    base = next(versions)
    for text in (*naughty_texts()[::EVERY], *MORE):
        body = {"key": str(uuid.uuid4()), "item": item, "base": base, "fields": {"f-t-luecke-0": [text]}}
        answer = send(hr.client, f"/versuche/{attempt_id}/antworten", Body(json=body), token=hr.token)
        if answer.status == 409:
            body["base"] = base = answer.json["version"]
            answer = send(hr.client, f"/versuche/{attempt_id}/antworten", Body(json=body), token=hr.token)
        assert answer.status in (200, 400), (text, answer.status)
        if answer.status == 200:
            base = answer.json["version"]
            kept = typed_text({"x": text}, "x", longest=10_000)
            shown = hr.client.get(f"/versuche/{attempt_id}/fragen/{item + 1}").text
            assert shows(kept, shown) or shows(" ".join(kept.split()), shown), text
