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


# The official account -------------------------------------------------------------------------------------------------

OPENID = {
    "IMPULS_OPENID_ISSUER": "https://anmeldung.impuls.example/realms/amt",
    "IMPULS_OPENID_CLIENT_ID": "impuls",
    "IMPULS_OPENID_CLIENT_SECRET": "geheim-genug",
    "IMPULS_OPENID_PERSON_CLAIM": "personalnummer",
}
PROXY = {"IMPULS_SIGN_IN_HEADER": "X-Remote-User", "IMPULS_SIGN_IN_PROXIES": "10.1.2.3, fd00::/64"}


def test_both_ways_of_the_official_account_are_off_until_they_are_named(tmp_path: Path) -> None:
    settings = read_settings({}, data=tmp_path)
    assert (settings.openid, settings.proxy_sign_in) == (None, None)


def test_a_provider_is_taken(tmp_path: Path) -> None:
    openid = read_settings(OPENID, data=tmp_path).openid
    assert openid is not None
    assert (openid.issuer, openid.scopes, openid.knows_by_mail) == (
        OPENID["IMPULS_OPENID_ISSUER"],
        "openid profile",
        False,
    )
    by_mail = read_settings({**OPENID, "IMPULS_OPENID_PERSON_CLAIM": "email"}, data=tmp_path).openid
    assert by_mail is not None
    assert (by_mail.scopes, by_mail.knows_by_mail) == ("openid email", True)


@pytest.mark.parametrize(
    "issuer",
    ["http://anmeldung.impuls.example", "anmeldung.impuls.example", "https://", "https://a.example?x", "https://a.example#x",
     "https://wer@a.example", "https://a.example:keinport", "ftp://a.example", "https://a.example/ x"],
)  # fmt: skip
def test_a_provider_at_no_safe_address_is_refused(tmp_path: Path, issuer: str) -> None:
    (problem,) = refused(tmp_path, **{**OPENID, "IMPULS_OPENID_ISSUER": issuer})
    assert problem.startswith("IMPULS_OPENID_ISSUER")


def test_a_provider_on_this_machine_needs_no_https(tmp_path: Path) -> None:
    assert read_settings({**OPENID, "IMPULS_OPENID_ISSUER": "http://localhost:9000"}, data=tmp_path).openid


@pytest.mark.parametrize("name", ["CLIENT_ID", "CLIENT_SECRET", "PERSON_CLAIM"])
def test_a_provider_without_what_it_needs_is_refused(tmp_path: Path, name: str) -> None:
    (problem,) = refused(tmp_path, **{**OPENID, f"IMPULS_OPENID_{name}": ""})
    assert problem.startswith(f"IMPULS_OPENID_{name}")


@pytest.mark.parametrize("change", [{"IMPULS_OPENID_CLIENT_SECRET": "Schlüssel"}, {"IMPULS_OPENID_SCOPES": "profile"}])
def test_a_provider_that_would_not_understand_us_is_refused(tmp_path: Path, change: dict[str, str]) -> None:
    (problem,) = refused(tmp_path, **{**OPENID, **change})
    assert problem.startswith(next(iter(change)))


def test_a_secret_can_stand_in_a_file_that_only_this_account_can_read(tmp_path: Path) -> None:
    place = tmp_path / "openid-secret"
    named = {**OPENID, "IMPULS_OPENID_CLIENT_SECRET": "", "IMPULS_OPENID_CLIENT_SECRET_FILE": str(place)}
    assert "nicht lesbar" in refused(tmp_path, **named)[0]
    place.write_text("aus der Datei\n".replace(" ", "-"))
    place.chmod(0o644)
    assert "chmod 600" in refused(tmp_path, **named)[0]
    place.chmod(0o600)
    openid = read_settings(named, data=tmp_path).openid
    assert openid is not None
    assert openid.client_secret == "aus-der-Datei"


def test_a_proxy_is_taken(tmp_path: Path) -> None:
    proxy = read_settings({**PROXY, "IMPULS_SIGN_IN_NAMED_BY": "mail"}, data=tmp_path).proxy_sign_in
    assert proxy is not None
    assert (proxy.header, proxy.named_by, [str(one) for one in proxy.addresses]) == (
        "X-Remote-User", "mail", ["10.1.2.3/32", "fd00::/64"],
    )  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        *({"IMPULS_SIGN_IN_HEADER": name} for name in ("Cookie", "X-Forwarded-For", "X_Remote_User", "X Remote", "Ü")),
        *({"IMPULS_SIGN_IN_PROXIES": text} for text in ("", "proxy.example", "10.1.2.3/8", "0.0.0.0/0", "::/0")),
        {"IMPULS_SIGN_IN_NAMED_BY": "name"},
    ],
    ids=str,
)
def test_a_proxy_that_anybody_could_be_is_refused(tmp_path: Path, change: dict[str, str]) -> None:
    assert refused(tmp_path, **{**PROXY, **change})[0].startswith(next(iter(change)))


def test_provider_and_proxy_exclude_each_other(tmp_path: Path) -> None:
    (problem,) = refused(tmp_path, **OPENID, **PROXY)
    assert "Entscheiden Sie sich" in problem
