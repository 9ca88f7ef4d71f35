"""Work outside of requests: jobs that run by the clock or are asked for, in a worker beside the web. Knows no feature.

A job gets the moment and finds out itself what is due, so it may run twice, late or in two places at once. Messages
name a job and carry nothing else. What is kept and logged of a run is counts.
"""

import datetime
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from huey import Huey, PostgresHuey, SqliteHuey
from huey.consumer import Consumer
from huey.registry import Message
from huey.serializer import Serializer
from sqlalchemy import make_url, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from learning import clock
from learning.database import Code, Model, Moment, Plain, upsert, work
from learning.database_errors import without_values

QUEUE = "impuls"
LONGEST_WAIT = 2.0
log = logging.getLogger("impuls.jobs")
Counts = Mapping[str, int]


class JobRun(Model):
    """How the newest run of a job ended: its counts, or the kind of error that stopped it. It names nobody."""

    __tablename__ = "job_run"

    name: Mapped[Code] = mapped_column(primary_key=True)
    finished_at: Mapped[Moment]
    counts: Mapped[Plain]
    problem: Mapped[Code] = mapped_column(default="")


@dataclass(frozen=True, slots=True)
class Job:
    """`run` does what is due and answers counts. `is_due` says, minute by minute on local clocks, when to run."""

    name: str
    run: Callable[[Flask, datetime.datetime], Counts]
    is_due: Callable[[datetime.datetime], bool]


def every_minute(_moment: datetime.datetime) -> bool:
    """Due at each minute."""
    return True


def hourly(minute: int) -> Callable[[datetime.datetime], bool]:
    """Due once an hour."""
    return lambda moment: moment.minute == minute


def nightly(hour: int, minute: int) -> Callable[[datetime.datetime], bool]:
    """Due once a day, by the clocks of people here."""
    return lambda moment: (moment.hour, moment.minute) == (hour, minute)


class JsonMessages(Serializer):  # type: ignore[misc]  # huey comes without types
    """Messages as JSON lists. The library's own form could run code of whoever writes into the queue."""

    def _serialize(self, data: Any) -> bytes:
        return json.dumps(data).encode()

    def _deserialize(self, data: bytes) -> Any:
        return Message(*json.loads(bytes(data)))


class Jobs:
    """The jobs of an application and their queue, which is opened when somebody first asks for one."""

    def __init__(self, app: Flask, jobs: tuple[Job, ...], *, database_url: str, folder: Path) -> None:
        self._app = app
        self._jobs = {job.name: job for job in jobs}
        self._place = (database_url, folder)
        self._queue: Huey | None = None
        self._tasks: dict[str, Callable[[], object]] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all jobs."""
        return tuple(self._jobs)

    def ask(self, name: str) -> None:
        """Let the worker run a job soon. Call it after the commit; the clock makes up for a message that is lost."""
        self._open()
        try:
            self._tasks[name]()
        except Exception as error:  # noqa: BLE001 - whatever keeps the queue from working, the clock asks again.
            log.warning("could not ask for %s: %s", name, type(error).__name__)

    def run(self, name: str, *, now: datetime.datetime) -> Counts:
        """Run a job here and now, and note how it ended. What it raises goes on."""
        job, counts, problem = self._jobs[name], {}, "stopped"
        try:
            with self._app.app_context():
                counts = dict(job.run(self._app, now))
            problem = ""
        except Exception as error:
            problem = type(error).__name__
            without_values(error)  # The queue logs it.
            raise
        finally:
            level = logging.INFO if problem or any(counts.values()) else logging.DEBUG
            log.log(level, "%s: %s", name, problem or ", ".join(f"{key} {count}" for key, count in counts.items()))
            work(self._app, lambda session: _note(session, name, counts, problem, now=now))
        return counts

    def worker(self) -> "Worker":
        """What runs the jobs beside the web: start it before the server, stop it after."""
        return Worker(self._open(), workers=1, max_delay=LONGEST_WAIT)

    def close(self) -> None:
        """Let go of the queue; asking opens it again."""
        if self._queue is not None:
            self._queue.storage.close()
            self._queue = None

    def _open(self) -> Huey:
        if self._queue is None:
            queue = open_queue(*self._place)
            queue.on_shutdown("close")(queue.storage.close)  # The worker's thread listens on a connection of its own.
            self._tasks = {name: self._task(queue, job) for name, job in self._jobs.items()}
            self._queue = queue
        return self._queue

    def _task(self, queue: Huey, job: Job) -> Callable[[], object]:
        def is_due(moment: datetime.datetime) -> bool:
            return job.is_due(moment.replace(tzinfo=datetime.UTC).astimezone(clock.LOCAL))

        def run() -> None:
            self.run(job.name, now=clock.now())

        task: Callable[[], object] = queue.periodic_task(is_due, name=job.name)(run)
        return task


def open_queue(database_url: str, folder: Path) -> Huey:
    """The queue: tables of its own in PostgreSQL, where several machines share it, else a file beside the database."""
    settings = {"name": QUEUE, "results": False, "serializer": JsonMessages()}
    url = make_url(database_url)
    if url.get_backend_name() == "postgresql":
        dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
        return PostgresHuey(dsn=dsn, **settings)
    return SqliteHuey(filename=str(folder / "jobs.sqlite"), **settings)


class Worker(Consumer):  # type: ignore[misc]  # huey comes without types
    """Runs jobs in threads of the serving process, whose signals stay the server's; every job once at the start."""

    def _set_signal_handlers(self) -> None:
        """The server decides when to end."""

    def start(self) -> None:
        """Begin, with what may have been missed while nothing ran."""
        super().start()
        for task in self.huey._registry.periodic_tasks:  # noqa: SLF001 - the library has no public list of them.
            self.huey.enqueue(task)


def _note(session: Session, name: str, counts: Counts, problem: str, *, now: datetime.datetime) -> None:
    values = {"name": name, "finished_at": now, "counts": dict(counts), "problem": problem[:64]}
    upsert(session, JobRun, values, unique=("name",), change=("finished_at", "counts", "problem"))


def last_runs(session: Session) -> tuple[JobRun, ...]:
    """The newest run of each job, by name. One query."""
    return tuple(session.scalars(select(JobRun).order_by(JobRun.name)))
