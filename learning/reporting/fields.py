"""Fields of the forms of reporting that offer something to choose."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from learning.web.links import SelectChoice


@dataclass(frozen=True, slots=True)
class ChoiceField:
    """A drop-down, buttons or boxes; what was chosen comes back with the mistake."""

    name: str
    label: str
    choices: tuple[SelectChoice, ...]
    mistake: str = ""


class Field(Protocol):
    """Anything of a form that can hold a mistake."""

    @property
    def mistake(self) -> str:
        """What is wrong, empty if nothing is."""


def has_mistakes(fields: Iterable[Field]) -> bool:
    """True if a field holds a mistake, so that the page says so in its title."""
    return any(field.mistake for field in fields)
