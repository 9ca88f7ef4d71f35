"""Reading, practising, being tested: what learners do with a course.

The rooms, each above those it may use: start, attempts, proofs; lessons; courses, questions. See docs/architecture.md.
"""
