"""Jobs run by the clock or when asked for, in a worker beside the web; messages are JSON and carry only a name."""

import datetime
import json
import logging
import threading
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from learning import clock, upkeep
from learning.database import db
from learning.jobs import Job, Jobs, every_minute, hourly, last_runs, nightly, open_queue
from tests.factories import NOW

PATIENCE = 20


def made(app: Flask, engine: Engine, folder: Path, *jobs: Job) -> Jobs:
    """Jobs with an empty queue: in PostgreSQL it may hold messages for jobs of another test's application."""
    url = engine.url.render_as_string(hide_password=False)
    queue = open_queue(url, folder)
    queue.flush()
    queue.storage.close()
    return Jobs(app, jobs, database_url=url, folder=folder)


def never(_moment: datetime.datetime) -> bool:
    return False


def test_the_worker_runs_every_job_at_its_start_and_when_asked(app: Flask, engine: Engine, tmp_path: Path) -> None:
    runs = threading.Semaphore(0)

    def count(_app: Flask, _now: datetime.datetime) -> dict[str, int]:
        runs.release()
        return {"letters": 1}

    jobs = made(app, engine, tmp_path, Job("count", count, never))
    worker = jobs.worker()
    worker.start()
    try:
        assert runs.acquire(timeout=PATIENCE), "no run at the start"
        jobs.ask("count")
        assert runs.acquire(timeout=PATIENCE), "no run although it was asked for"
    finally:
        worker.stop(graceful=True)
        jobs.close()


def test_a_message_is_json_and_names_the_job_alone(app: Flask, engine: Engine, tmp_path: Path) -> None:
    jobs = made(app, engine, tmp_path, Job("count", lambda _app, _now: {}, never))
    queue = open_queue(engine.url.render_as_string(hide_password=False), tmp_path)
    queue.storage.flush_queue()
    jobs.ask("count")
    (data,) = queue.storage.enqueued_items()
    message = json.loads(bytes(data))
    assert "count" in message[1]
    assert [part for part in message[2:] if part] == []
    queue.storage.flush_queue()
    queue.storage.close()
    jobs.close()


def test_a_run_leaves_its_counts_or_the_kind_of_its_error(
    app: Flask, engine: Engine, session: Session, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_app: Flask, _now: datetime.datetime) -> dict[str, int]:
        raise ValueError("Miriam Sander")

    jobs = made(app, engine, tmp_path, Job("a", lambda _app, _now: {"closed": 3}, never), Job("b", fail, never))
    with caplog.at_level(logging.INFO, logger="impuls.jobs"):
        assert jobs.run("a", now=NOW) == {"closed": 3}
        with pytest.raises(ValueError, match="Miriam"):
            jobs.run("b", now=NOW)
    runs = {run.name: (run.finished_at, dict(run.counts), run.problem) for run in last_runs(session)}
    assert runs == {"a": (NOW, {"closed": 3}, ""), "b": (NOW, {}, "ValueError")}
    assert [record.getMessage() for record in caplog.records] == ["a: closed 3", "b: ValueError"]


def test_jobs_are_due_by_local_clocks() -> None:
    winter = datetime.datetime(2026, 11, 20, 23, 10, tzinfo=datetime.UTC).astimezone(clock.LOCAL)
    summer = datetime.datetime(2026, 7, 20, 22, 10, tzinfo=datetime.UTC).astimezone(clock.LOCAL)
    for moment in (winter, summer):
        assert nightly(0, 10)(moment)
        assert hourly(10)(moment)
        assert not hourly(11)(moment)
        assert every_minute(moment)


def test_a_queue_that_cannot_be_written_does_not_break_the_request(app: Flask, engine: Engine, tmp_path: Path) -> None:
    jobs = made(app, engine, tmp_path, Job("count", lambda _app, _now: {}, never))
    jobs.worker()
    jobs._queue.storage.enqueue = lambda *_args: (_ for _ in ()).throw(OSError("disk full"))  # type: ignore[union-attr]
    jobs.ask("count")
    jobs.close()


def test_the_jobs_of_the_product_run_on_an_empty_database_and_count_nothing(app: Flask) -> None:
    jobs = app.extensions["impuls-jobs"]
    assert set(jobs.names) == {job.name for job in upkeep.JOBS}
    for name in jobs.names:
        assert not any(jobs.run(name, now=NOW).values()), name
    with app.app_context():
        assert {run.name for run in last_runs(db.session)} == set(jobs.names)
