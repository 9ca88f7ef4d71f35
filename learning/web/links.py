"""Small values that pages of all features are made of."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """Where a reader can go, with the words of the link."""

    address: str
    text: str


@dataclass(frozen=True, slots=True)
class NamedFact:
    """A line of a list of facts: what it is called, what it is."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class SelectChoice:
    """One line of a drop-down, or one box of several. `depth` is how far in it stands below others."""

    value: str
    text: str
    is_selected: bool
    depth: int = 0
