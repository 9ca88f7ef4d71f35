"""From files to values: decoding, front matter, registers, documents, a course, a library of courses."""
