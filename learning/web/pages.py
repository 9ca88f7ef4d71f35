"""How pages are drawn: strict templates, and what every one of them may use without being given it."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, g, request, url_for
from jinja2 import StrictUndefined

from learning.language import LANGUAGES, current_language
from learning.language import gettext as _
from learning.web.assets import Assets
from learning.web.links import Link
from learning.web.preferences import Theme, chosen_theme
from learning.web.rendering import counted_text_in_template, text_in_template


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    """One entry of the main navigation. `is_around`: the page is another one of the same section."""

    address: str
    text: str
    is_current: bool
    is_around: bool = False


@dataclass(frozen=True, slots=True)
class Site:
    """What the frame of every page shows. `authority` stands above the header, `service` in the footer.

    `account` leads to the signed-in person's account, or to signing in; the preview has none. `person` is the public
    id of who is signed in, so that scripts never mix up two people at one machine.
    `session_minutes` is how long an unused session lasts, 0 where nobody is signed in; `session_address` uses it.
    """

    home: str
    authority: str
    navigation: tuple[NavigationEntry, ...]
    footer: str
    service: tuple[Link, ...] = ()
    account: NavigationEntry | None = None
    person: str = ""
    session_minutes: int = 0
    session_address: str = ""


def draw_pages(app: Flask, assets: Assets, *, site: Callable[[], object], layout: str) -> None:
    """Set up the templates of `app`. `site` answers the composition's part of the frame, `layout` names the frame."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["asset"] = assets.address
    app.jinja_env.globals["_"] = app.jinja_env.globals["gettext"] = text_in_template
    app.jinja_env.globals["ngettext"] = counted_text_in_template
    app.jinja_env.globals.setdefault("form_token", lambda: "")

    @app.context_processor
    def common() -> dict[str, object]:
        return {
            "here": here(),
            "language": current_language(),
            "languages": list(LANGUAGES.items()),
            "layout": layout,
            "preferences_address": url_for("preferences.save_preferences"),
            "site": site(),
            "theme": chosen_theme(),
            "themes": theme_texts(),
        }


def here() -> str:
    """The address that shows this page again. Where a form's answer has none, its view names another (`g.here`)."""
    named = g.get("here")
    if isinstance(named, str):
        return named
    return request.full_path.rstrip("?") if request.method == "GET" else request.path


def theme_texts() -> list[tuple[Theme, str, str]]:
    """The themes to choose from, with their words and icons."""
    return [
        (Theme.LIGHT, _("Hell"), "light-mode"),
        (Theme.DARK, _("Dunkel"), "dark-mode"),
        (Theme.SYSTEM, _("Wie im System"), "brightness-medium"),
    ]
