"""One's own proofs: to see them, to show one to HR or take it back, to agree on a qualification or end that."""

import uuid
from contextlib import suppress

from flask import abort, render_template, url_for
from flask.typing import ResponseReturnValue

from learning import clock
from learning.access import requires
from learning.database import db, writes
from learning.language import gettext as _
from learning.obligations import agreements
from learning.obligations.agreements import AgreementEnded, Side, UnknownAgreement, UnknownProof
from learning.obligations.models import Agreement
from learning.people.permissions import Action
from learning.people.web import current_viewer
from learning.study.blueprint import study
from learning.study.proofs.pages import agreement_row, proofs_page, state_now
from learning.study.proofs.queries import own_agreements, own_proofs
from learning.web.declared_forms import takes
from learning.web.notices import done


@study.get("/nachweise")
@requires(Action.OWN_DATA_SEE)
def proofs() -> str:
    """All own proofs and agreements, and who sees them."""
    person_key = current_viewer().key
    page = proofs_page(own_proofs(db.session, person_key), own_agreements(db.session, person_key))
    return render_template("study/proofs.html", page=page, catalogue=url_for("library.catalogue"))


@study.post("/nachweise/<uuid:proof_id>/zeigen")
@requires(Action.CERTIFICATE_RELEASE)
@takes()
@writes
def release(proof_id: uuid.UUID) -> ResponseReturnValue:
    """Show one certificate to HR; doing it again changes nothing."""
    try:
        agreements.release(db.session, proof_id, person_key=current_viewer().key, now=clock.now())
    except UnknownProof:
        abort(404)
    return done(_("Sie zeigen diesen Nachweis jetzt der Personalentwicklung."), "study.proofs")


@study.post("/nachweise/<uuid:proof_id>/zuruecknehmen")
@requires(Action.CERTIFICATE_RELEASE)
@takes()
@writes
def take_back(proof_id: uuid.UUID) -> ResponseReturnValue:
    """No longer show a certificate; nothing is left of the release."""
    try:
        agreements.take_back(db.session, proof_id, person_key=current_viewer().key)
    except UnknownProof:
        abort(404)
    return done(_("Sie zeigen diesen Nachweis nicht mehr."), "study.proofs")


@study.post("/nachweise/vereinbarungen/<uuid:agreement_id>/bestaetigen")
@requires(Action.AGREEMENT_CONFIRM)
@takes()
@writes
def confirm_agreement(agreement_id: uuid.UUID) -> ResponseReturnValue:
    """Confirm a proposed qualification; one that was ended meanwhile stays ended, as the page then says."""
    agreement = _own(agreement_id)
    with suppress(AgreementEnded):
        agreements.confirm(db.session, agreement, side=Side.PERSON, now=clock.now())
    return done(state_now(agreement), "study.proofs")


@study.get("/nachweise/vereinbarungen/<uuid:agreement_id>/beenden")
@requires(Action.AGREEMENT_CONFIRM)
def ask_to_end_agreement(agreement_id: uuid.UUID) -> str:
    """Ask once more before one's own agreement ends, or say that it has ended."""
    own = {one.id: one for one in own_agreements(db.session, current_viewer().key)}
    if agreement_id not in own:
        abort(404)
    return render_template("study/end_agreement.html", agreement=agreement_row(own[agreement_id]))


@study.post("/nachweise/vereinbarungen/<uuid:agreement_id>/beenden")
@requires(Action.AGREEMENT_CONFIRM)
@takes()
@writes
def end_agreement(agreement_id: uuid.UUID) -> ResponseReturnValue:
    """Decline a proposal or end an agreement."""
    agreement = _own(agreement_id)
    agreements.end(db.session, agreement, now=clock.now())
    return done(state_now(agreement), "study.proofs")


def _own(agreement_id: uuid.UUID) -> Agreement:
    try:
        return agreements.agreement_for(db.session, agreement_id, person_key=current_viewer().key)
    except UnknownAgreement:
        abort(404)
