"""Puts the pages of reporting together."""

from flask import Flask

# The modules of views hang their views on the blueprint by being imported.
from learning.reporting.agreements import views as agreements_views  # noqa: F401
from learning.reporting.blueprint import reporting
from learning.reporting.duty_list import views as duty_list_views  # noqa: F401
from learning.reporting.overview import views as overview_views  # noqa: F401
from learning.reporting.person import extra_time_views  # noqa: F401
from learning.reporting.person import views as person_views  # noqa: F401
from learning.reporting.rules import views as rules_views  # noqa: F401
from learning.reporting.team import views as team_views  # noqa: F401
from learning.reporting.totals import views as totals_views  # noqa: F401


def add_reporting(app: Flask) -> None:
    """Register the feature."""
    app.register_blueprint(reporting)
