"""Letters by mail: each says who it is for and how to go on, and nothing else of what is stored of anybody."""

from dataclasses import replace

import pytest
from flask import Flask

from learning import clock
from learning.people.links import Purpose
from learning.people.mailing import ask_for_letter, send_due
from learning.settings import ProductSettings
from tests.learning.access.markers import PRESENT
from tests.learning.access.world import World
from tests.learning.postbox import postbox

# What a letter needs of its reader: the name to greet, the account to sign in with, the address that it goes to.
NEEDED = {"given", "family", "number", "mail"}


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_letter_names_its_reader_and_nothing_else_that_is_stored(
    app: Flask, world: World, product_settings: ProductSettings, purpose: Purpose
) -> None:
    for relation in PRESENT:
        person = world.people[relation]
        with postbox() as box:
            settings = replace(product_settings, mail=box.settings(), public_url="https://impuls.example")
            ask_for_letter(world.session, person.key, purpose, now=clock.now())
            world.session.commit()
            with app.app_context():
                send_due(world.engine, settings, now=clock.now())
            (mail,) = box.mails
            found = world.markers.found(f"{mail}\n{box.text()}")
        assert {owner for _kind, owner in found} == {relation}
        assert {"given", "family", "number"} <= {kind for kind, _owner in found} <= NEEDED
