"""Pages that explain Impuls to everybody, signed in or not: help, accessibility, privacy."""
