"""Forms as a browser finds them in a page: where they go, how, and what their controls are called."""

from dataclasses import dataclass
from xml.etree.ElementTree import Element

import html5lib

NAMESPACE = "{http://www.w3.org/1999/xhtml}"
CONTROLS = {NAMESPACE + name for name in ("input", "select", "textarea", "button")}


@dataclass(frozen=True, slots=True)
class PageForm:
    """A form of a page. `names` are those of all its controls, whichever of them one use of it would send."""

    method: str
    action: str
    names: frozenset[str]


def forms_in(html: str) -> list[PageForm]:
    """All forms of a page or of a part of one, with the controls that belong to them from elsewhere on it."""
    root = html5lib.parse(html)
    inside = {control: form for form in root.iter(NAMESPACE + "form") for control in form.iter()}
    by_id = {form.get("id"): form for form in root.iter(NAMESPACE + "form") if form.get("id")}
    names: dict[Element, set[str]] = {form: set() for form in root.iter(NAMESPACE + "form")}
    for control in root.iter():
        owner = by_id.get(control.get("form")) if control.get("form") else inside.get(control)
        if control.tag in CONTROLS and control.get("name") and owner is not None:
            names[owner].add(control.get("name"))
    return [
        PageForm(form.get("method", "get").lower(), form.get("action", ""), frozenset(found))
        for form, found in names.items()
    ]
