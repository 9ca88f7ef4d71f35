"""The product with every address that it can have, those for official accounts included."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from ipaddress import ip_network

from flask import Flask

from learning.settings import ProductSettings, ProxySettings
from tests.learning.conftest import product_with
from tests.learning.people.official import openid_settings
from tests.provider.hostile import hostile_provider


@contextmanager
def whole_product(settings: ProductSettings) -> Iterator[Flask]:
    """The application with an OpenID provider and a proxy configured; the database has to be migrated."""
    proxy = ProxySettings("X-Remote-User", (ip_network("192.0.2.1"),))
    with hostile_provider() as provider:
        openid = openid_settings(provider.issuer)
        with product_with(replace(settings, openid=openid, proxy_sign_in=proxy)) as made:
            yield made
