"""The second lock behind the parser: whatever rendering wrote, only these elements, attributes and addresses leave.

Good output passes unchanged, byte for byte; a change here is a sign of a mistake in rendering. `POLICY` is counted up
with every change of the lists, so that stored pages are rendered anew.
"""

import re
from functools import cache

import nh3

POLICY = 1

_GLOBAL = frozenset({"class", "id", "lang", "aria-label", "aria-labelledby", "aria-hidden", "role", "tabindex"})
_PLAIN = """
blockquote br caption code dd del details dfn div dl dt em figcaption figure h2 h3 h4 h5 h6 hr p pre s section strong
sub summary sup table tbody thead tr ul
"""
_ATTRIBUTES: dict[str, frozenset[str]] = {
    "a": frozenset({"href", "rel"}),
    "audio": frozenset({"controls", "preload", "src"}),
    "button": frozenset({"type", "popovertarget"}),
    "data": frozenset({"value"}),
    "img": frozenset({"src", "alt"}),
    "li": frozenset({"value"}),
    "ol": frozenset({"start"}),
    "span": frozenset({"popover"}),
    "td": frozenset({"data-label"}),
    "th": frozenset({"scope"}),
    "track": frozenset({"kind", "srclang", "label", "src", "default"}),
    "video": frozenset({"controls", "preload", "src"}),
}
_CLASSES = """
box box__label callout callout--soon callout--late callout__title center checklist checklist__item checklist__box
checklist__box--done download download__facts entry external footnotes for-ear kern-icon kern-icon--danger
kern-icon--download kern-icon--help kern-icon--info kern-icon--visibility-off kern-icon--warning media missing num
recall recall__label reveal table table-region term term__button term__text
"""
_OUR_CLASSES = frozenset(_CLASSES.split())
_ID = re.compile(r"(?:abruf|abschnitt|begriff|fussnote|frage|tabelle)-[\w-]+")
_INSIDE = re.compile(r"/(?![/\\])[^\x00-\x20\\]*|/")
_OUTSIDE = re.compile(r"(?:https|mailto|tel):[^\x00-\x20]+", re.IGNORECASE)
_ENTRY = re.compile(r"(?:local|fact):[a-z0-9-]+")
_FIXED = {
    "role": frozenset({"group", "region"}),
    "tabindex": frozenset({"0"}),
    "type": frozenset({"button"}),
    "scope": frozenset({"row", "col"}),
    "popover": frozenset({""}),
    "preload": frozenset({"metadata"}),
    "rel": frozenset({"noopener noreferrer"}),
    "kind": frozenset({"captions"}),
}


def sanitized(html: str) -> str:
    """`html`, reduced to what a course may show. The text of elements that are not allowed stays."""
    return _cleaner().clean(html)


@cache
def _cleaner() -> nh3.Cleaner:
    tags = set(_PLAIN.split()) | set(_ATTRIBUTES)
    return nh3.Cleaner(
        tags=tags,
        clean_content_tags={"script", "style"},
        attributes={"*": set(_GLOBAL)} | {tag: set(names) for tag, names in _ATTRIBUTES.items()},
        attribute_filter=_allowed_value,
        url_schemes={"https", "mailto", "tel"},
        link_rel=None,
    )


def _allowed_value(tag: str, attribute: str, value: str) -> str | None:
    """The value to keep, or None to drop the attribute."""
    fixed = _FIXED.get(attribute)
    if fixed is not None:
        return value if value in fixed else None
    match attribute:
        case "class":
            return " ".join(name for name in value.split() if name in _OUR_CLASSES) or None
        case "id" | "aria-labelledby" | "popovertarget":
            return value if _ID.fullmatch(value) else None
        case "href":
            return value if _is_address(value) else None
        case "src":
            return value if _INSIDE.fullmatch(value) else None
        case "value" if tag == "data":
            return value if _ENTRY.fullmatch(value) else None
        case "value" | "start":
            return value if value.isdecimal() else None
        case _:
            return value


def _is_address(value: str) -> bool:
    if value.startswith("#"):
        return _ID.fullmatch(value[1:]) is not None
    return (_INSIDE.fullmatch(value) or _OUTSIDE.fullmatch(value)) is not None
