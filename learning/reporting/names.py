"""How people are named in tables and headings of HR and team leads."""


def listed_name(given_name: str, family_name: str) -> str:
    """Family name first, as lists are sorted; one of the two may be empty."""
    return ", ".join(part for part in (family_name, given_name) if part)
