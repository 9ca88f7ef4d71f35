"""Reading, practising, being tested: what learners do with a course."""
