"""The list of people with their duties: filters, the page, the same as a file."""
