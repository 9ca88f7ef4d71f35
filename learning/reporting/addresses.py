"""Addresses of pages that are narrowed by what stands in them."""

from collections.abc import Mapping
from urllib.parse import urlencode

from flask import url_for


def address_with(endpoint: str, parameters: Mapping[str, str]) -> str:
    """The address of a page with these parameters."""
    return with_query(url_for(endpoint), parameters)


def with_query(address: str, parameters: Mapping[str, str]) -> str:
    """An address with parameters behind it, as far as there are any."""
    return f"{address}?{urlencode(parameters)}" if parameters else address
