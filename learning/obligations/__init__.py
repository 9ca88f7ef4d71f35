"""Who must do what by when, what was agreed, and the proofs that count."""
