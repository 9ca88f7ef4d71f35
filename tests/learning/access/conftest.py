"""One world for a whole file of tests: looking at it changes nothing that another look depends on."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Engine

from learning.settings import ProductSettings
from tests.learning.access.product import whole_product
from tests.learning.access.world import World, kept_tables, kept_world


@pytest.fixture(scope="module")
def product(engine: Engine, product_settings: ProductSettings) -> Iterator[Flask]:
    """The application with all addresses it can have."""
    with whole_product(product_settings) as made:
        yield made


@pytest.fixture(scope="module")
def app(product: Flask, engine: Engine) -> Iterator[Flask]:
    """The product; its tables are emptied after the last test of the file, not after each."""
    with kept_tables(engine):
        yield product


@pytest.fixture(scope="module")
def world(app: Flask, engine: Engine) -> Iterator[World]:
    """Three units, people and what is stored of them."""
    with kept_world(engine) as made:
        yield made
