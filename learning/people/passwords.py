"""Passwords: what makes one acceptable, and how it is kept. Hashing is slow and happens outside transactions.

Rules follow NIST SP 800-63B: length and a list of what everybody tries; no rules about kinds of characters, no expiry.
"""

import functools
import itertools
import re
import unicodedata
from enum import StrEnum
from importlib.resources import files

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn.frequency_lists import FREQUENCY_LISTS

SHORTEST = 15
LONGEST = 128
# OWASP's first choice: 19 MiB, two passes, one lane.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
PLAIN_LETTERS = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s"})
NOT_LETTERS = re.compile(r"[^a-zäöüß]+")
FEWEST_DIFFERENT_SIGNS = 6
LEAST_OWN_LETTERS = 6


class Weakness(StrEnum):
    """Why a password is refused."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    COMMON = "common"
    OWN_NAME = "own_name"
    MONOTONOUS = "monotonous"


def normalised(password: str) -> str:
    """The same password from every keyboard: NFKC, nothing else is changed."""
    return unicodedata.normalize("NFKC", password)


def weaknesses(password: str, *, names: tuple[str, ...] = ()) -> tuple[Weakness, ...]:
    """All reasons to refuse a password of somebody with these `names` (own, account, authority). Empty: it is fine."""
    text = normalised(password)
    found = []
    if len(text) < SHORTEST:
        found.append(Weakness.TOO_SHORT)
    if len(text) > LONGEST:
        found.append(Weakness.TOO_LONG)
    if is_common(text):
        found.append(Weakness.COMMON)
    elif len(set(text)) < FEWEST_DIFFERENT_SIGNS or is_sequence(text):
        found.append(Weakness.MONOTONOUS)
    elif len(text) >= SHORTEST and has_little_beside_names(text, names):
        found.append(Weakness.OWN_NAME)
    return tuple(found)


def is_common(text: str) -> bool:
    """True for what everybody tries: a common password or word, alone, with digits and signs around it, or repeated."""
    folded = text.casefold()
    words = common_words()
    if folded in words:
        return True
    for letters in (NOT_LETTERS.sub("", folded), NOT_LETTERS.sub("", folded.translate(PLAIN_LETTERS))):
        if letters and (letters in words or shortest_period(letters) in words):
            return True
    return shortest_period(folded) in words


def shortest_period(text: str) -> str:
    """The part that `text` repeats, or the whole text: "passwortpasswort" gives "passwort"."""
    place = (text + text).find(text, 1)
    return text[:place]


def is_sequence(text: str) -> bool:
    """True if most signs only follow their neighbour, as in abcdefgh or 98765432."""
    steps = [ord(after) - ord(before) for before, after in itertools.pairwise(text)]
    return bool(steps) and sum(step in (-1, 0, 1) for step in steps) / len(steps) > 0.7


def has_little_beside_names(text: str, names: tuple[str, ...]) -> bool:
    """True if fewer than six letters remain when the names are taken out."""
    folded = text.casefold()
    parts = {part for name in names for part in re.split(r"\W+", name.casefold()) if len(part) > 2}
    if not any(part in folded for part in parts):
        return False
    for part in sorted(parts, key=len, reverse=True):
        folded = folded.replace(part, "")
    return len(NOT_LETTERS.sub("", folded)) < LEAST_OWN_LETTERS


@functools.cache
def common_words() -> frozenset[str]:
    """The passwords that leaked most often, as the package zxcvbn collects them, and German ones of our own."""
    text = files("learning.people").joinpath("german_passwords.txt").read_text(encoding="utf-8")
    german = (line for line in text.splitlines() if line and not line.startswith("#"))
    return frozenset(FREQUENCY_LISTS["passwords"]) | frozenset(german)


def hash_password(password: str) -> str:
    """The argon2id hash to keep, with its salt and cost."""
    return _hasher.hash(normalised(password))


@functools.cache
def hash_of_nobody() -> str:
    """A hash to compare with when there is no account, so that the answer takes as long."""
    return hash_password("niemand hat dieses Passwort")


def is_password(password: str, known_hash: str) -> bool:
    """True if the password belongs to the hash."""
    try:
        return _hasher.verify(known_hash, normalised(password))
    except (VerificationError, InvalidHashError):
        return False


def needs_new_hash(known_hash: str) -> bool:
    """True if the hash was made at a lower cost than today's."""
    return _hasher.check_needs_rehash(known_hash)
