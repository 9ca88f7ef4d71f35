"""What people typed: read field by field, cleaned of what no text holds, bounded in length."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

KEPT_CONTROLS = frozenset("\n\t")


def typed_text(form: Mapping[str, str], name: str, *, longest: int) -> str:
    """The text of a field with plain line ends, without control characters, cut at `longest` signs; "" if absent."""
    return storable_text(form.get(name, ""))[:longest]


def storable_text(text: str) -> str:
    """What was typed with plain line ends and without the signs that databases refuse."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in plain if sign in KEPT_CONTROLS or not _is_control(sign))


def typed_line(form: Mapping[str, str], name: str, *, longest: int) -> str:
    """The text of a field of one line, without space around it."""
    return " ".join(typed_text(form, name, longest=longest).split())


def _is_control(sign: str) -> bool:
    """True for signs that databases refuse or that no text of a person holds: controls and halves of pairs."""
    return unicodedata.category(sign) in ("Cc", "Cs")


@dataclass(frozen=True, slots=True)
class TextField:
    """A line to type in, as templates/shared/forms.html draws it; what was typed comes back with the mistake.

    `is_fixed` shows a value that cannot be changed, such as the account name that password managers look for.
    `is_first` is where typing begins as soon as the page is open.
    """

    name: str
    label: str
    type: str = "text"
    value: str = ""
    hint: str = ""
    mistake: str = ""
    autocomplete: str = "off"
    longest: int = 200
    is_fixed: bool = False
    is_first: bool = False

    @property
    def described_by(self) -> str:
        """Ids of the hint and the mistake, for screen readers."""
        parts = ((self.hint, "hint"), (self.mistake, "error"))
        return " ".join(f"{self.name}-{part}" for text, part in parts if text)
