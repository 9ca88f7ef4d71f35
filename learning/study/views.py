"""Puts the pages of learning together: start, courses, lessons, own proofs."""

from flask import Flask

# The modules of views hang their views on the blueprint by being imported.
from learning.study import course_views, lesson_views, proof_views  # noqa: F401
from learning.study.blueprint import study
from learning.study.start_views import start


def add_study(app: Flask) -> None:
    """Register the feature."""
    app.register_blueprint(study)
    app.add_url_rule("/", "start", start)
