"""Results raised after a wrong key was corrected: explicitly, by new facts, never lowered."""
