"""The first page: what to continue, what is due, what is new."""
