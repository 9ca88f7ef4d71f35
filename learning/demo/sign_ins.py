"""Who can sign in to the demonstration: passwords made by chance, kept in one file that only its owner can read."""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

FILE = "demo.json"
# Without signs that look alike.
SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, GROUP = 4, 4


@dataclass(frozen=True, slots=True)
class SignIn:
    """Somebody who can sign in: the part they play, their name, account and password."""

    part: str
    name: str
    account: str
    password: str


def new_password() -> str:
    """A fresh password of 16 signs in four groups, which can be typed."""
    return "-".join("".join(secrets.choice(SIGNS) for _sign in range(GROUP)) for _group in range(GROUPS))


def sign_ins_place(data: Path) -> Path:
    """The file in the data folder; where it is, the demonstration has been made."""
    return data / FILE


def keep_sign_ins(place: Path, sign_ins: tuple[SignIn, ...]) -> None:
    """Write the file anew, readable for this account alone."""
    place.unlink(missing_ok=True)
    descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump([asdict(sign_in) for sign_in in sign_ins], file, ensure_ascii=False, indent=2)
        file.write("\n")
