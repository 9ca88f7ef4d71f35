"""The library of courses: catalogue, search, course pages; and the commands for authors."""
