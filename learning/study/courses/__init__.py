"""Taking a course: enrolment and its edition, what is done, the course's page, the proof at the end."""
