"""Child processes for what texts from authors could make expensive: each file within limits, a few kept warm.

A job is a module-level function; it and its argument are pickled. While it works it says which file it is at
(`at_file`), so that a file that takes too much is named, and the rest of the course goes on without it. The workshop
knows nothing of courses.
"""

import contextlib
import multiprocessing
import queue
import signal
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from types import FrameType, TracebackType
from typing import Any, Generic, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")

MEBIBYTE = 1024 * 1024
PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may take. Processor time and memory hold where the platform measures them, `seconds` everywhere."""

    processor_seconds: float = 2.0
    memory_bytes: int = 512 * MEBIBYTE
    seconds: float = 3.0


@dataclass(frozen=True, slots=True)
class Done(Generic[Result]):
    """The job's answer."""

    value: Result


@dataclass(frozen=True, slots=True)
class TooMuch:
    """The job was stopped at the file `path` (empty: at none in particular) because it took more than the limits.

    `is_stalled`: it was the clock that ran out, which a busy machine can cause as well as the file.
    """

    path: str
    is_stalled: bool = False


@dataclass(frozen=True, slots=True)
class Broken:
    """The job raised; `trace` is for the log only."""

    path: str
    trace: str


Outcome = Done[Result] | TooMuch | Broken


class OutOfLimits(BaseException):
    """Raised inside a job by the timer. No `except Exception` of a library may swallow it."""


@dataclass(frozen=True, slots=True)
class _AtFile:
    path: str
    share: int


class Workshop:
    """Up to `processes` children. Use it as a context manager, or call `close`; they die with their parent anyway."""

    def __init__(self, *, processes: int = 2, limits: Limits = Limits()) -> None:
        self.limits = limits
        self._places: queue.SimpleQueue[_Child | None] = queue.SimpleQueue()
        for _ in range(processes):
            self._places.put(None)
        self.processes = processes

    def __enter__(self) -> "Workshop":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def run(self, job: Callable[[Task], Result], task: Task) -> Outcome[Result]:
        """Have a child do `job(task)`; waits for a free child. The limits begin anew at every `at_file`."""
        child = self._places.get()
        try:
            child = child or _Child(self.limits)
            outcome = child.work(job, task, seconds=self.limits.seconds)
        except BaseException:
            self._give_up(child)
            raise
        if isinstance(outcome, Done):
            self._places.put(child)
        else:
            self._give_up(child)  # What a stopped job left behind is not worth knowing.
        return outcome

    def _give_up(self, child: "_Child | None") -> None:
        if child:
            child.stop()
        self._places.put(None)

    def close(self) -> None:
        """Stop all children, those at work as soon as they are done."""
        for _ in range(self.processes):
            child = self._places.get()
            if child:
                child.stop()


class _Child:
    """One child process and the line to it."""

    def __init__(self, limits: Limits) -> None:
        # A fresh interpreter: forking a process with threads can deadlock, and Windows has nothing else.
        context = multiprocessing.get_context("spawn")
        self._line, far_end = context.Pipe()
        self._process = context.Process(target=_serve, args=(far_end, limits), daemon=True, name="impuls-workshop")
        self._process.start()
        far_end.close()
        self._line.recv()  # It is up; starting an interpreter must not count against the first file.

    def work(self, job: Callable[[Task], Result], task: Task, *, seconds: float) -> Outcome[Result]:
        path, share = "", 1
        try:
            self._line.send((job, task))
            # The job's modules are imported before it begins, which must not count against a file.
            allowed = PATIENCE
            while True:
                if not self._line.poll(allowed):
                    return TooMuch(path, is_stalled=True)
                match self._line.recv():
                    case _AtFile(path=path, share=share):
                        allowed = seconds * share
                        continue
                    case outcome:
                        return _checked(outcome)
        except (EOFError, ConnectionError):
            return TooMuch(path)  # The system has killed it, for memory most likely.

    def stop(self) -> None:
        self._process.kill()
        self._process.join()
        self._line.close()


def _checked(outcome: object) -> Outcome[Any]:
    assert isinstance(outcome, Done | TooMuch | Broken)
    return outcome


# Inside the child ---------------------------------------------------------------------------------------------------

_tell: Callable[[str, int], None] | None = None


def at_file(path: str, *, share: int = 1) -> None:
    """Say that the job works at `path` from now on: the limits begin anew. Empty: at no file in particular.

    What concerns many files at once may take a `share` of the limits for each of them. Outside a workshop it does
    nothing, so the same function also works in-process, for example in tests.
    """
    if _tell:
        _tell(path, share)


def _serve(line: Connection, limits: Limits) -> None:
    global _tell  # noqa: PLW0603 - one job at a time works in this process; its functions need no handle for it.
    place = {"path": ""}

    def tell(path: str, share: int) -> None:
        place["path"] = path
        _start_timer(0)  # Half a message would be worse than a late alarm.
        line.send(_AtFile(path, share))
        _start_timer(limits.processor_seconds * share)

    _tell = tell
    # The parent decides when to stop; Ctrl+C in its terminal reaches the whole group.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit_memory(limits.memory_bytes)
    line.send("ready")
    while True:
        try:
            job, task = line.recv()
        except EOFError:
            return
        line.send(_outcome(job, task, place))


def _outcome(job: Callable[[Any], Any], task: Any, place: dict[str, str]) -> Outcome[Any]:
    try:
        at_file("")
        return Done(job(task))
    except (OutOfLimits, MemoryError, RecursionError):
        return TooMuch(place["path"])
    except Exception:  # noqa: BLE001 - whatever it was, it comes back as an outcome with its trace.
        return Broken(place["path"], traceback.format_exc())
    finally:
        _start_timer(0)


def _start_timer(seconds: float) -> None:
    """Let OutOfLimits be raised after `seconds` of processor time; 0 stops the timer. Windows has no such timer."""
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGPROF, _out_of_limits)
        signal.setitimer(signal.ITIMER_PROF, seconds)


def _out_of_limits(_number: int, _frame: FrameType | None) -> None:
    raise OutOfLimits


def _limit_memory(size: int) -> None:
    """Bound the address space of this process where the platform can."""
    try:
        import resource
    except ImportError:
        return
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (size, size))
