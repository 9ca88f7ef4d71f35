"""A person's own proofs, with what they agreed to show."""
