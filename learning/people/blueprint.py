"""The blueprint that the pages of signing in and of one's own account hang on."""

from flask import Blueprint

people = Blueprint("people", __name__)
