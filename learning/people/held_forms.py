"""Forms that arrived after the session had ended: kept in the page to sign in, so that nothing typed is lost.

What is held is signed and names who typed it: after signing in, somebody else neither sees nor sends it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from itsdangerous import BadData, URLSafeSerializer

SALT = "held form"
MOST_SIGNS = 60_000


@dataclass(frozen=True, slots=True)
class HeldForm:
    """Where the form was to go, and its fields in their order."""

    address: str
    fields: tuple[tuple[str, str], ...]


def hold_form(secret: str, address: str, fields: Sequence[tuple[str, str]], *, owner: str) -> str:
    """The form as a text for a hidden field; "" if nobody is known to have typed it, or it is too long to be held."""
    if not owner or sum(len(name) + len(value) for name, value in fields) > MOST_SIGNS:
        return ""
    held = {"address": address, "fields": [list(field) for field in fields], "owner": owner}
    return str(URLSafeSerializer(secret, salt=SALT).dumps(held))


def is_ours(secret: str, text: str) -> bool:
    """True if `text` holds a form that we have signed, whoever typed it."""
    try:
        URLSafeSerializer(secret, salt=SALT).loads(text)
    except BadData:
        return False
    return True


def held_form(secret: str, text: str, *, owner: str) -> HeldForm | None:
    """The form that `owner` typed; None for nothing, for what we did not sign, and for what somebody else typed."""
    if not text:
        return None
    try:
        held = URLSafeSerializer(secret, salt=SALT).loads(text)
    except BadData:
        return None
    if held["owner"] != owner:
        return None
    return HeldForm(held["address"], tuple((name, value) for name, value in held["fields"]))
