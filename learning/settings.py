"""What an installation decides before it starts, as values. Commands read options and the environment into them."""

import os
import secrets as secrets_module
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

PORT = 8000
FORM_BYTES = 256 * 1024
SHORTEST_SECRET = 32
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class PreviewSettings:
    """How the preview runs: it serves the courses below `folder` to this machine alone.

    `language` is the interface language for browsers that ask for none of ours; None leaves it to the browser.
    `form_bytes` bounds the body of every request.
    """

    folder: Path
    port: int = PORT
    language: str | None = None
    form_bytes: int = FORM_BYTES

    @property
    def trusted_hosts(self) -> list[str]:
        """Names under which this machine may be addressed; any other Host header is refused (DNS rebinding)."""
        return ["127.0.0.1", "localhost"]


class UnusableSettings(Exception):
    """Raised at start: the environment asks for something that cannot work or is not safe. Lists all of it."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class ProductSettings:
    """How the product runs. `secrets` signs cookies: the first one, older ones are still understood.

    `idle_minutes` end a session that nobody uses, `session_hours` end every session. `proxies` is the number of
    reverse proxies in front whose X-Forwarded headers are believed.
    """

    data: Path
    database_url: str
    secrets: tuple[str, ...]
    public_url: str
    authority: str = "Jobcenter"
    language: str | None = None
    idle_minutes: int = 60
    session_hours: int = 10
    proxies: int = 0
    port: int = PORT
    form_bytes: int = FORM_BYTES

    @property
    def is_secure(self) -> bool:
        """True where people reach the pages by https, so that cookies are sent by no other way."""
        return self.public_url.startswith("https://")

    @property
    def trusted_hosts(self) -> list[str]:
        """Names under which this installation may be addressed; any other Host header is refused."""
        return sorted({urlsplit(self.public_url).hostname or "", "127.0.0.1", "localhost"})


def read_settings(environment: Mapping[str, str], *, data: Path) -> ProductSettings:
    """The settings that `environment` names, below the folder `data`. Raises UnusableSettings with every problem."""
    problems: list[str] = []
    secrets = read_secrets(environment, data=data, problems=problems)
    public_url = environment.get("IMPULS_PUBLIC_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
    check_public_url(public_url, problems)
    database_url = environment.get("IMPULS_DATABASE_URL", f"sqlite:///{data / 'impuls.sqlite'}")
    if not database_url.startswith(("sqlite:///", "postgresql+psycopg://", "postgresql://")):
        problems.append("IMPULS_DATABASE_URL: Gemeint ist sqlite:///… oder postgresql://….")
    language = environment.get("IMPULS_LANGUAGE") or None
    if language not in (None, "de", "en"):
        problems.append("IMPULS_LANGUAGE: Möglich sind de und en.")
    if environment.get("FLASK_DEBUG", "0") not in ("", "0"):
        problems.append("FLASK_DEBUG: Die Fehlersuche zeigt Inneres des Programms und bleibt ausgeschaltet.")
    idle_minutes = read_number(environment, "IMPULS_IDLE_MINUTES", 60, problems, lowest=5, highest=600)
    session_hours = read_number(environment, "IMPULS_SESSION_HOURS", 10, problems, lowest=1, highest=24)
    proxies = read_number(environment, "IMPULS_PROXIES", 0, problems, lowest=0, highest=5)
    if problems:
        raise UnusableSettings(problems)
    return ProductSettings(
        data=data,
        database_url=database_url.replace("postgresql://", "postgresql+psycopg://", 1),
        secrets=secrets,
        public_url=public_url,
        authority=environment.get("IMPULS_AUTHORITY", "Jobcenter"),
        language=language,
        idle_minutes=idle_minutes,
        session_hours=session_hours,
        proxies=proxies,
        port=urlsplit(public_url).port or PORT,
    )


def check_public_url(url: str, problems: list[str]) -> None:
    """People may reach the pages by https only, but for this machine itself."""
    try:
        parts = urlsplit(url)
        has_port = parts.port is None or parts.port > 0
    except ValueError:
        parts, has_port = urlsplit(""), False
    if parts.scheme not in ("http", "https") or not parts.hostname or not has_port or parts.path or parts.query:
        problems.append("IMPULS_PUBLIC_URL: Nennen Sie Schema und Namen, zum Beispiel https://impuls.example.")
    elif parts.scheme == "http" and parts.hostname not in LOOPBACK:
        problems.append("IMPULS_PUBLIC_URL: Außer auf diesem Rechner selbst sind Seiten nur über https erreichbar.")


def read_secrets(environment: Mapping[str, str], *, data: Path, problems: list[str]) -> tuple[str, ...]:
    """The secrets from IMPULS_SECRET_KEY, else one line each from the file `secret` in the data folder.

    The file is made when there is neither; several processes that start at once agree on one.
    """
    if named := environment.get("IMPULS_SECRET_KEY"):
        secrets = tuple(named.split())
    else:
        place = data / "secret"
        if not place.exists():
            write_secret(place)
        if os.name == "posix" and place.stat().st_mode & 0o077:
            problems.append(f"{place} ist für andere lesbar. Abhilfe: chmod 600 {place}")
        secrets = tuple(place.read_text(encoding="utf-8").split())
    if not secrets or any(len(secret) < SHORTEST_SECRET for secret in secrets):
        problems.append(f"Der geheime Schlüssel braucht mindestens {SHORTEST_SECRET} Zeichen (IMPULS_SECRET_KEY).")
    return secrets


def write_secret(place: Path) -> None:
    """A fresh secret that only this account can read."""
    place.parent.mkdir(parents=True, exist_ok=True)
    draft = place.with_name(f"secret.{secrets_module.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(secrets_module.token_urlsafe(48) + "\n")
    try:
        os.link(draft, place)  # Unlike renaming, this leaves a secret in place that another process made meanwhile.
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def read_number(
    environment: Mapping[str, str], name: str, default: int, problems: list[str], *, lowest: int, highest: int
) -> int:
    """The whole number that `name` holds, within its limits."""
    text = environment.get(name, str(default))
    if text.isascii() and text.isdigit() and lowest <= int(text) <= highest:
        return int(text)
    problems.append(f"{name}: Gemeint ist eine ganze Zahl von {lowest} bis {highest}.")
    return default
