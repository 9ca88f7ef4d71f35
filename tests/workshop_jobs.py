"""Jobs for the tests of the workshop; a child process imports them by name."""

import os
import time

from learning.workshop import at_file


def double(number: int) -> int:
    return 2 * number


def process_number(_: object) -> int:
    return os.getpid()


def compute_for_ever(path: str) -> None:
    at_file("leicht.md")
    at_file(path)
    while True:
        pass


def wait_for_ever(path: str) -> None:
    at_file(path)
    time.sleep(3600)


def fill_memory(path: str) -> int:
    at_file(path)
    return len(bytearray(2_000_000_000))


def nest_too_deep(path: str) -> None:
    at_file(path)
    nest_too_deep(path)


def fail(path: str) -> None:
    at_file(path)
    raise ValueError("Dies ist ein Fehler des Programms.")


def die(path: str) -> None:
    at_file(path)
    os._exit(1)


def work_on_many(paths: list[str]) -> int:
    """Each file stays below the limits, all together do not."""
    for path in paths:
        at_file(path)
        end = time.process_time() + 0.2
        while time.process_time() < end:
            pass
    return len(paths)
