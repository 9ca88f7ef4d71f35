"""The page of team leads."""
