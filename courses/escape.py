"""Text into HTML, in exactly the form in which the sanitiser writes it back; so good output passes it unchanged."""

# Noncharacters never come out of a text: rendering marks its cuts with two of them.
CUT_OPENS, CUT_CLOSES = "\ufdd0", "\ufdd1"

_COMMON = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\u00a0": "&nbsp;", "\r": "\n"}
_REPLACED = dict.fromkeys(("\0", CUT_OPENS, CUT_CLOSES), "\ufffd") | {"\ufeff": ""}
_TEXT = str.maketrans(_COMMON | _REPLACED)
_ATTRIBUTE = str.maketrans(_COMMON | _REPLACED | {'"': "&quot;"})


def escape_text(text: str) -> str:
    """For use between tags."""
    return text.translate(_TEXT)


def escape_attribute(text: str) -> str:
    """For use between double quotes."""
    return text.translate(_ATTRIBUTE)
