"""What an installation may be told, and what it refuses before it starts, all of it at once."""

from pathlib import Path

import pytest

from learning.settings import ProductSettings, UnusableSettings, read_settings


def refused(data: Path, **environment: str) -> list[str]:
    with pytest.raises(UnusableSettings) as raised:
        read_settings(environment, data=data)
    return raised.value.problems


def test_nothing_named_gives_sqlite_in_the_data_folder_for_this_machine(tmp_path: Path) -> None:
    settings = read_settings({}, data=tmp_path)
    assert settings.database_url == f"sqlite:///{tmp_path}/impuls.sqlite"
    assert (settings.public_url, settings.is_secure, settings.idle_minutes) == ("http://127.0.0.1:8000", False, 60)


def test_a_secret_is_made_once_and_only_this_account_can_read_it(tmp_path: Path) -> None:
    first = read_settings({}, data=tmp_path / "new").secrets
    assert read_settings({}, data=tmp_path / "new").secrets == first
    assert len(first[0]) >= 32
    assert (tmp_path / "new" / "secret").stat().st_mode & 0o077 == 0


def test_a_secret_that_others_can_read_is_refused(tmp_path: Path) -> None:
    read_settings({}, data=tmp_path)
    (tmp_path / "secret").chmod(0o644)
    (problem,) = refused(tmp_path)
    assert "chmod 600" in problem


@pytest.mark.parametrize(
    "url",
    ["http://impuls.example", "impuls.example", "ftp://impuls.example", "https://", "https://impuls.example/pfad",
     "https://impuls.example:keinport", "https://impuls.example?x=1"],
)  # fmt: skip
def test_an_address_that_is_none_or_not_safe_is_refused(tmp_path: Path, url: str) -> None:
    (problem,) = refused(tmp_path, IMPULS_PUBLIC_URL=url)
    assert problem.startswith("IMPULS_PUBLIC_URL")


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    problems = refused(
        tmp_path,
        IMPULS_PUBLIC_URL="http://impuls.example",
        IMPULS_SECRET_KEY="kurz",
        IMPULS_DATABASE_URL="mysql://x",
        IMPULS_LANGUAGE="fr",
        IMPULS_IDLE_MINUTES="1",
        IMPULS_SESSION_HOURS="x",
        IMPULS_PROXIES="-1",
        FLASK_DEBUG="1",
    )
    assert len(problems) == 8


def test_older_secrets_are_still_understood(tmp_path: Path) -> None:
    settings = read_settings({"IMPULS_SECRET_KEY": f"{'a' * 32} {'b' * 32}"}, data=tmp_path)
    assert settings.secrets == ("a" * 32, "b" * 32)


def test_https_and_postgresql_are_taken(tmp_path: Path) -> None:
    settings: ProductSettings = read_settings(
        {"IMPULS_PUBLIC_URL": "https://impuls.example/", "IMPULS_DATABASE_URL": "postgresql://db/impuls"},
        data=tmp_path,
    )
    assert settings.is_secure
    assert settings.database_url == "postgresql+psycopg://db/impuls"
    assert "impuls.example" in settings.trusted_hosts
