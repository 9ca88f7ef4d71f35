"""Tests: attempts with their answers, results, tallies and extra time."""
