"""Puts the pages of one's own data together: what is stored, who sees it, who looked. Extra time can be ended here;
agreements are shown, and decided on among one's own proofs (study/proofs).
"""

from flask import Flask, render_template
from flask.typing import ResponseReturnValue

from learning import audit, clock
from learning.access import requires
from learning.database import db, writes
from learning.language import gettext as _
from learning.mydata import queries
from learning.mydata.blueprint import mydata
from learning.mydata.pages import extra_time_texts, my_data_page
from learning.people.permissions import Action
from learning.people.visibility import catalogue, matrix
from learning.people.web import current_viewer
from learning.study.attempts.extra_time import end_extra_time, own_extra_times
from learning.study.proofs.queries import own_agreements
from learning.web.declared_forms import takes
from learning.web.notices import done


def add_mydata(app: Flask) -> None:
    """Register the feature."""
    app.register_blueprint(mydata)


@mydata.get("/meine-daten")
@requires(Action.OWN_DATA_SEE)
def my_data() -> str:
    """What is stored about the person who looks. Looking at one's own data is not logged."""
    viewer = current_viewer()
    page = my_data_page(
        queries.holdings(db.session, viewer.key),
        catalogue().data,
        tuple(matrix().values()),
        own_agreements(db.session, viewer.key),
        queries.looks(db.session, viewer.key, since=clock.now() - audit.KEPT),
        own_extra_times(db.session, viewer.key),
    )
    return render_template("mydata/my_data.html", page=page)


@mydata.get("/meine-daten/zeitzuschlag/beenden")
@requires(Action.EXTRA_TIME_END)
def ask_to_end_extra_time() -> str:
    """Ask once more before one's own extra time ends, or say that there is none."""
    texts = extra_time_texts(own_extra_times(db.session, current_viewer().key))
    return render_template("mydata/end_extra_time.html", texts=texts)


@mydata.post("/meine-daten/zeitzuschlag/beenden")
@requires(Action.EXTRA_TIME_END)
@takes()
@writes
def end_own_extra_time() -> ResponseReturnValue:
    """End one's own extra time, whoever set it; a second time changes nothing."""
    end_extra_time(db.session, current_viewer().key)
    # That there was any says something about health, so the cookie tells only that it is done.
    return done(_("Beendet. Dazu ist nichts mehr eingetragen."), "mydata.my_data")
