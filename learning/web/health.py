"""Two addresses for machines: is the process alive, and may it be sent requests. Neither tells what runs here."""

import shutil
from pathlib import Path

from flask import Blueprint, Flask, Response, current_app
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from learning.access import public
from learning.database import db, writing
from learning.schema import is_current
from learning.settings import ProductSettings

LEAST_FREE_SHARE = 0.05
health = Blueprint("health", __name__)


def add_health(app: Flask) -> None:
    """Register both addresses."""
    app.register_blueprint(health)


@health.get("/healthz")
@public
def alive() -> Response:
    """The process answers; nothing else is asked."""
    return _answer("ok", 200)


@health.get("/readyz")
@public
def ready() -> Response:
    """200 when the database can be written and there is room on the disk, else 503 with what is missing."""
    settings = current_app.extensions["impuls-settings"]
    assert isinstance(settings, ProductSettings)
    missing = []
    if not takes_writes():
        missing.append("database")
    elif not is_current(db.engine):
        missing.append("migrations")
    if not has_room(settings.data):
        missing.append("disk")
    return _answer("ok" if not missing else "missing: " + ", ".join(missing), 503 if missing else 200)


def takes_writes() -> bool:
    """True if the database lets a transaction write; nothing is left behind."""
    try:
        with writing(db.engine) as connection:
            if connection.dialect.name == "sqlite":
                connection.execute(text("SELECT 1"))  # Begins with the lock of a writer.
                return True
            return connection.execute(text("SELECT pg_is_in_recovery()")).scalar() is False
    except SQLAlchemyError:
        return False


def has_room(folder: Path) -> bool:
    """True if at least a twentieth of the disk is free."""
    try:
        usage = shutil.disk_usage(folder)
    except OSError:
        return False
    return usage.free >= usage.total * LEAST_FREE_SHARE


def _answer(words: str, status: int) -> Response:
    return Response(words + "\n", status, {"Cache-Control": "no-store"}, mimetype="text/plain")
