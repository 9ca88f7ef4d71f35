"""The blueprint that the pages of one's own data hang on."""

from flask import Blueprint

mydata = Blueprint("mydata", __name__)
