"""The form in which HR gives a person extra time in tests. It shows only what the HR person who looks has set.

Whether a colleague has set one changes nothing here, not even an answer (learning/study/attempts/extra_time.py).
"""

import uuid
from decimal import Decimal

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from learning import clock
from learning.access import requires
from learning.database import db, writes
from learning.language import decimal_text
from learning.language import gettext as _
from learning.people.permissions import Action
from learning.people.web import current_viewer
from learning.reporting import lookups
from learning.reporting.blueprint import reporting
from learning.reporting.fields import ChoiceField
from learning.reporting.lookups import NamedPerson
from learning.reporting.reach import hr_units
from learning.study.attempts.extra_time import FACTORS, factor_set_by, set_extra_time
from learning.web.declared_forms import takes
from learning.web.links import SelectChoice
from learning.web.notices import done

NONE = "keiner"


@reporting.get("/personal/personen/<uuid:person_id>/zeitzuschlag")
@requires(Action.EXTRA_TIME_SET)
def extra_time(person_id: uuid.UUID) -> str:
    """The form for a person in the viewer's units. One that somebody else filled in looks empty."""
    found = _person(person_id)
    factor = factor_set_by(db.session, found.key, by=current_viewer().key)
    kept = _("Sie haben keinen Zeitzuschlag eingetragen.")
    if factor:
        kept = _("Von Ihnen eingetragen: %(factor)s-fache Zeit.", factor=decimal_text(factor))
    return _page(found, chosen=str(factor) if factor else NONE, kept=kept)


@reporting.post("/personal/personen/<uuid:person_id>/zeitzuschlag")
@requires(Action.EXTRA_TIME_SET)
@takes("faktor")
@writes
def take_extra_time(person_id: uuid.UUID) -> ResponseReturnValue:
    """Keep the factor, or take one's own back. Safe to repeat; the person reads it at "Meine Daten"."""
    found = _person(person_id)
    chosen = request.form.get("faktor", "")
    by_word: dict[str, Decimal | None] = {NONE: None, **{str(factor): factor for factor in FACTORS}}
    if chosen not in by_word:
        return _page(found, chosen=NONE, mistake=_("Wählen Sie einen der Zuschläge.")), 422
    set_extra_time(db.session, found.key, by_word[chosen], by=current_viewer().key, now=clock.now())
    # Which factor it is says something about health: the page shows it, the cookie does not.
    return done(_("Ihre Angabe ist gespeichert."), "reporting.extra_time", person_id=person_id)


def _person(person_id: uuid.UUID) -> NamedPerson:
    found = lookups.person_by_id(db.session, person_id, within=hr_units(current_viewer()))
    if found is None:
        abort(404)
    return found


def _page(found: NamedPerson, *, chosen: str, mistake: str = "", kept: str = "") -> str:
    choices = [SelectChoice(NONE, _("kein Zeitzuschlag"), chosen == NONE)]
    choices += [
        SelectChoice(str(one), _("%(factor)s-fache Zeit", factor=decimal_text(one)), Decimal(one) == _number(chosen))
        for one in FACTORS
    ]
    field = ChoiceField("faktor", _("Zeit in Tests mit Zeitbegrenzung"), tuple(choices), mistake)
    return render_template("reporting/extra_time.html", person=found, field=field, kept=kept)


def _number(text: str) -> Decimal | None:
    return None if text == NONE else Decimal(text)
