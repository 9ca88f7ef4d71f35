"""Puts the pages of learning together: start, courses, lessons, own proofs."""

from flask import Flask

from learning.study.blueprint import study

# The modules of views hang their views on the blueprint by being imported.
from learning.study.courses import views as course_views  # noqa: F401
from learning.study.lessons import views as lesson_views  # noqa: F401
from learning.study.proofs import views as proof_views  # noqa: F401
from learning.study.start.views import start


def add_study(app: Flask) -> None:
    """Register the feature."""
    app.register_blueprint(study)
    app.add_url_rule("/", "start", start)
