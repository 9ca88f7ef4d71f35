"""Text into HTML, in exactly the form in which the sanitiser writes it back; so good output passes it unchanged."""

from collections.abc import Iterator

# Noncharacters never come out of a text, so rendering can mark its cuts with two of them.
CUT_OPENS, CUT_CLOSES = "\ufdd0", "\ufdd1"

REPLACEMENT = "\ufffd"


def _not_for_html() -> Iterator[int]:
    """The code points that HTML forbids: controls, noncharacters (Infra Standard, "code points")."""
    yield from (code for code in range(0x20) if chr(code) not in "\t\n\r")
    yield from range(0x7F, 0xA0)
    yield from range(0xFDD0, 0xFDF0)
    for plane in range(0x11):
        yield from (plane * 0x10000 + 0xFFFE, plane * 0x10000 + 0xFFFF)


# Line ends are unified and byte order marks dropped, as an HTML parser does.
_COMMON = dict.fromkeys(_not_for_html(), REPLACEMENT) | {ord("\r"): "\n", ord("\ufeff"): ""}
_TEXT = _COMMON | str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\u00a0": "&nbsp;"})
_ATTRIBUTE = _TEXT | {ord('"'): "&quot;"}


def escape_text(text: str) -> str:
    """For use between tags."""
    return text.translate(_TEXT)


def escape_attribute(text: str) -> str:
    """For use between double quotes."""
    return text.translate(_ATTRIBUTE)
