"""Signing in by the word of a reverse proxy that has signed people in already: whom its header names, and who that is.

The header counts only when the request comes from the proxy itself; whoever reaches us directly can write anything.
"""

import ipaddress
from collections.abc import Mapping
from typing import Any, assert_never

from sqlalchemy import func, select
from sqlalchemy.orm import Session as Work

from learning.people.models import Person
from learning.settings import NamedBy, ProxySettings

LONGEST_NAME = 254


def named_person(settings: ProxySettings, environment: Mapping[str, Any]) -> str:
    """What the proxy calls the person of a request (its WSGI environment); "" if it names nobody, or it is no proxy."""
    if not comes_from_proxy(settings, environment):
        return ""
    raw = str(environment.get("HTTP_" + settings.header.upper().replace("-", "_"), ""))
    try:
        name = raw.encode("latin-1").decode("utf-8").strip()
    except UnicodeError:
        return ""
    # Two headers of one name arrive joined by a comma: then somebody else has written one of them.
    return name if name.isprintable() and "," not in name and len(name) <= LONGEST_NAME else ""


def comes_from_proxy(settings: ProxySettings, environment: Mapping[str, Any]) -> bool:
    """True if the connection itself was opened by a configured proxy, whatever X-Forwarded headers say."""
    before = environment.get("werkzeug.proxy_fix.orig") or environment
    try:
        address = ipaddress.ip_address(before.get("REMOTE_ADDR") or "")
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return any(address in network for network in settings.addresses)


def person_named(work: Work, name: str, named_by: NamedBy) -> int | None:
    """The key of the one active person with this name, None if there is none. One query."""
    match named_by:
        case NamedBy.HR_KEY:
            condition = Person.hr_key == name
        case NamedBy.MAIL:
            condition = func.lower(Person.mail) == name.lower()
        case _:
            assert_never(named_by)
    found = work.execute(select(Person.key).where(condition, Person.is_active).limit(2)).scalars().all()
    return found[0] if name and len(found) == 1 else None
