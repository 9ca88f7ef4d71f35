"""Languages of the interface: which there are, which one this request speaks, dates and numbers in it.

The language of a course's text is another matter; it belongs to the course.
"""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from gettext import NullTranslations
from typing import cast

import flask_babel
from babel.numbers import get_decimal_symbol
from flask import Flask, current_app, g, has_app_context, has_request_context, request
from flask_babel import Babel, format_date, format_datetime, format_decimal, get_locale

LANGUAGES = {"de": "Deutsch", "en": "English"}
SOURCE_LANGUAGE = "de"
COOKIE = "sprache"
KEPT = "translations"


def speak_languages(app: Flask, *, default: str | None) -> None:
    """Give `app` its translations. `default` beats what the browser prefers, a person's own choice beats both."""
    app.config["BABEL_DEFAULT_LOCALE"] = SOURCE_LANGUAGE
    app.config["IMPULS_LANGUAGE"] = default
    Babel(app, locale_selector=chosen_language, default_timezone="Europe/Berlin")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # comes with Jinja's own extension
        lambda text: translations().gettext(text),
        lambda singular, plural, num: translations().ngettext(singular, plural, num),
        newstyle=True,
    )


def chosen_language() -> str:
    """The language of this request: chosen in its form, kept in a cookie, set at start, or preferred by the browser."""
    if not has_request_context():
        return SOURCE_LANGUAGE
    candidates = (g.get("language"), request.cookies.get(COOKIE), current_app.config["IMPULS_LANGUAGE"])
    for candidate in candidates:
        if candidate in LANGUAGES:
            return cast("str", candidate)
    return request.accept_languages.best_match(list(LANGUAGES), SOURCE_LANGUAGE) or SOURCE_LANGUAGE


def without_pages() -> Flask:
    """An application that only speaks, for commands that write letters."""
    app = Flask("learning", static_folder=None)
    speak_languages(app, default=None)
    return app


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Texts made inside are in `language`, whoever asks for them. Needs an application's context."""
    kept = g.pop(KEPT, None)
    try:
        with flask_babel.force_locale(language):
            yield
    finally:
        g.pop(KEPT, None)
        if kept is not None:
            setattr(g, KEPT, kept)


def current_language() -> str:
    """The language that texts of this request appear in."""
    return str(get_locale() or SOURCE_LANGUAGE)


def translations() -> NullTranslations:
    """The catalogue of the language of the request, kept with it: a page asks for hundreds of texts."""
    if not has_app_context():
        return NullTranslations()
    found = g.get(KEPT)
    if not isinstance(found, NullTranslations):
        found = cast("NullTranslations", flask_babel.get_translations())
        setattr(g, KEPT, found)
    return found


def gettext(text: str, **values: object) -> str:
    """`text` in the language of the request, `%(name)s` in it replaced by `values`. Imported as `_`."""
    found = translations().gettext(text)
    return found % values if values else found


def ngettext(singular: str, plural: str, num: int, **values: object) -> str:
    """The form for `num` things, which is also the value `%(num)d`."""
    return translations().ngettext(singular, plural, num) % {"num": num, **values}


def date_text(day: datetime.date) -> str:
    """A date as people here write it: 30.11.2026, or 30 Nov 2026 in English."""
    return str(format_date(day, "dd.MM.yyyy" if current_language() == "de" else "d MMM yyyy"))


def day_of_year_text(day: datetime.date) -> str:
    """A day without its year: 30.11., or 30 Nov in English."""
    return str(format_date(day, "dd.MM." if current_language() == "de" else "d MMM"))


def moment_text(moment: datetime.datetime) -> str:
    """A moment on the clocks of people here: 30.11.2026, 14:30 Uhr, or 30 Nov 2026, 14:30 in English."""
    pattern = "dd.MM.yyyy, HH:mm 'Uhr'" if current_language() == "de" else "d MMM yyyy, HH:mm"
    return str(format_datetime(moment, pattern))


def month_text(day: datetime.date) -> str:
    """A month with its year: November 2026."""
    return str(format_date(day, "MMMM yyyy"))


def number_text(number: int) -> str:
    """A number with the separators of the language: 1.234 or 1,234."""
    return str(format_decimal(number))


def decimal_text(number: Decimal) -> str:
    """A number with exactly the digits it has: 562,50 or 562.50."""
    return f"{number:f}".replace(".", get_decimal_symbol(current_language()))


def language_note(language: str) -> str:
    """What is said when a text is not in the language of the interface."""
    if language.partition("-")[0] == current_language():
        return ""
    name = LANGUAGES.get(language, language)
    return gettext("Diesen Text gibt es nur in dieser Sprache: %(language)s.", language=name)
