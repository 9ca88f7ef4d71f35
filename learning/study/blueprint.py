"""The blueprint that the pages of learning hang on."""

from flask import Blueprint

study = Blueprint("study", __name__)
