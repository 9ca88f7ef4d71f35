"""What changed between two states of a course, and the digests that tell whether anything did."""
