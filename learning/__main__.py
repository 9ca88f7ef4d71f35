"""Lets `python -m learning` start the program where no `impuls` command is on the path."""

from learning.cli import main

main(prog_name="impuls")
