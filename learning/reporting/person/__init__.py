"""One person for HR: the record, and extra time in tests."""
