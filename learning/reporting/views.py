"""Puts the pages of reporting together."""

from flask import Flask

# The modules of views hang their views on the blueprint by being imported.
from learning.reporting import (  # noqa: F401
    agreement_views,
    extra_time_views,
    list_views,
    overview_views,
    person_views,
    rule_views,
    team_views,
    totals_views,
)
from learning.reporting.blueprint import reporting


def add_reporting(app: Flask) -> None:
    """Register the feature."""
    app.register_blueprint(reporting)
