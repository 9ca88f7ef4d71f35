"""The first page of HR: numbers by unit and by duty, and the weeks ahead."""
