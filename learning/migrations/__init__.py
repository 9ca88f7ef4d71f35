"""Brings a database to the tables of this version. Each step is a file in `versions/`; learning/schema.py runs them."""
