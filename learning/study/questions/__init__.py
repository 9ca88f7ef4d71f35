"""One question on a page, wherever it is asked: its fields, what was sent, what is said to the answer."""
