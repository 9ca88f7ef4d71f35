"""Addresses of pages that are narrowed by what stands in them."""

from collections.abc import Mapping
from urllib.parse import urlencode

from flask import url_for


def address_with(endpoint: str, parameters: Mapping[str, str]) -> str:
    """The address of a page with these parameters."""
    query = urlencode(parameters)
    return f"{url_for(endpoint)}?{query}" if query else url_for(endpoint)
