"""What an installation decides before it starts, as values. Commands read options and the environment into them."""

import ipaddress
import os
import re
import secrets as secrets_module
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

PORT = 8000
FORM_BYTES = 256 * 1024
SHORTEST_SECRET = 32
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
MAIL_CLAIM = "email"
HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(-[A-Za-z0-9]+)*")
# Every browser or the server itself sends these, so none of them can be the proxy's word about who is there.
COMMON_HEADERS = frozenset(
    {"host", "cookie", "origin", "referer", "accept", "user-agent", "authorization", "forwarded"}
)


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


class Encryption(StrEnum):
    """How mail travels to its server: encrypted after a greeting, from the beginning, or not at all."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


USUAL_PORTS = {Encryption.STARTTLS: 587, Encryption.TLS: 465, Encryption.NONE: 25}


@dataclass(frozen=True, slots=True)
class MailSettings:
    """The server that takes our mail, and the address that it comes from. Without `user` nobody signs in there."""

    host: str
    port: int
    sender: str
    encryption: Encryption = Encryption.STARTTLS
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class OpenidSettings:
    """The OpenID provider whose accounts people sign in with.

    `person_claim` says whom an account belongs to when it signs in for the first time: the name of a claim that holds
    the HR key, or `email` for the mail address, which the provider has to call verified.
    """

    issuer: str
    client_id: str
    client_secret: str
    person_claim: str
    scopes: str

    @property
    def knows_by_mail(self) -> bool:
        """True where accounts are matched by their mail address."""
        return self.person_claim == MAIL_CLAIM


class NamedBy(StrEnum):
    """What the header of a proxy holds."""

    HR_KEY = "hr_key"
    MAIL = "mail"


@dataclass(frozen=True, slots=True)
class ProxySettings:
    """A reverse proxy that has signed people in already and names them in `header`; believed from `addresses` alone."""

    header: str
    addresses: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]
    named_by: NamedBy = NamedBy.HR_KEY


@dataclass(frozen=True, slots=True)
class ProductSettings:
    """How the product runs. `secrets` signs cookies: the first one, older ones are still understood.

    `idle_minutes` end a session that nobody uses, `session_hours` end every session. `proxies` is the number of
    reverse proxies in front whose X-Forwarded headers are believed. Without `mail` links are printed, never sent. At
    most one of `openid` and `proxy_sign_in` lets people sign in with their official account. `contact` says in one
    line whom to ask about Impuls.
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
    openid: OpenidSettings | None = None
    proxy_sign_in: ProxySettings | None = None
    mail: MailSettings | None = None
    contact: str = ""

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
    openid = read_openid(environment, problems)
    proxy_sign_in = read_proxy_sign_in(environment, problems)
    if openid and proxy_sign_in:
        problems.append("IMPULS_OPENID_ISSUER, IMPULS_SIGN_IN_HEADER: Entscheiden Sie sich für eines von beiden.")
    mail = read_mail(environment, problems)
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
        openid=openid,
        proxy_sign_in=proxy_sign_in,
        mail=mail,
        contact=" ".join(environment.get("IMPULS_CONTACT", "").split()),
    )


def read_openid(environment: Mapping[str, str], problems: list[str]) -> OpenidSettings | None:
    """The OpenID provider, None while no issuer is named."""
    issuer = environment.get("IMPULS_OPENID_ISSUER", "")
    if not issuer:
        return None
    if not is_safe_address(issuer):
        problems.append(
            "IMPULS_OPENID_ISSUER: Nennen Sie die Adresse des Anmeldedienstes genau so, wie er selbst sie nennt, mit "
            "https und ohne Frage- und Nummernzeichen. http ist nur auf diesem Rechner selbst möglich."
        )
    client_id = environment.get("IMPULS_OPENID_CLIENT_ID", "")
    if not client_id:
        problems.append("IMPULS_OPENID_CLIENT_ID: Unter welchem Namen kennt der Anmeldedienst Impuls?")
    client_secret = read_secret_text(environment, "IMPULS_OPENID_CLIENT_SECRET", problems)
    person_claim = environment.get("IMPULS_OPENID_PERSON_CLAIM", "")
    if not person_claim or not person_claim.isprintable() or len(person_claim) > 200:
        problems.append(
            "IMPULS_OPENID_PERSON_CLAIM: Nennen Sie das Feld mit der Personalnummer, oder email für die bestätigte "
            "Mailadresse."
        )
    usual = "openid email" if person_claim == MAIL_CLAIM else "openid profile"
    scopes = environment.get("IMPULS_OPENID_SCOPES", usual).split()
    if "openid" not in scopes:
        problems.append("IMPULS_OPENID_SCOPES: openid muss dabei sein.")
    return OpenidSettings(issuer, client_id, client_secret, person_claim, " ".join(scopes))


def is_safe_address(url: str) -> bool:
    """True for an https address without user, query and fragment; http is enough on this machine itself."""
    try:
        parts = urlsplit(url)
        has_port = parts.port is None or parts.port > 0
    except ValueError:
        return False
    is_plain = has_port and bool(parts.hostname) and "@" not in parts.netloc and not parts.query and not parts.fragment
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    return is_plain and is_safe and url.isprintable() and " " not in url


def read_secret_text(environment: Mapping[str, str], name: str, problems: list[str]) -> str:
    """The secret in the variable `name`, or in the file that `name`_FILE names."""
    secret, place = environment.get(name, ""), environment.get(f"{name}_FILE", "")
    if not secret and place:
        try:
            if os.name == "posix" and Path(place).stat().st_mode & 0o077:
                problems.append(f"{place} ist für andere lesbar. Abhilfe: chmod 600 {place}")
            secret = Path(place).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            problems.append(f"{name}_FILE: {place} ist nicht lesbar.")
            return ""
    if not secret or not (secret.isascii() and secret.isprintable()):
        problems.append(
            f"{name}: Nennen Sie das Geheimnis aus Buchstaben, Ziffern und Zeichen, oder in {name}_FILE seine Datei."
        )
    return secret


def read_proxy_sign_in(environment: Mapping[str, str], problems: list[str]) -> ProxySettings | None:
    """The proxy that signs people in, None while no header is named."""
    header = environment.get("IMPULS_SIGN_IN_HEADER", "")
    if not header:
        return None
    is_common = header.lower() in COMMON_HEADERS or header.lower().startswith(("x-forwarded-", "content-", "sec-"))
    if not HEADER_NAME.fullmatch(header) or is_common:
        problems.append("IMPULS_SIGN_IN_HEADER: Nennen Sie eine eigene Kopfzeile, zum Beispiel X-Remote-User.")
    addresses = []
    for text in environment.get("IMPULS_SIGN_IN_PROXIES", "").replace(",", " ").split():
        try:
            network = ipaddress.ip_network(text)
        except ValueError:
            problems.append(f"IMPULS_SIGN_IN_PROXIES: {text} ist weder Adresse noch Netz.")
            continue
        if network.prefixlen == 0:
            problems.append(f"IMPULS_SIGN_IN_PROXIES: {text} umfasst alle Adressen. Nennen Sie die des Proxys.")
        addresses.append(network)
    if not addresses:
        problems.append("IMPULS_SIGN_IN_PROXIES: Nennen Sie die Adressen des Proxys, dem Impuls glauben soll.")
    named_by = environment.get("IMPULS_SIGN_IN_NAMED_BY", NamedBy.HR_KEY.value)
    if named_by not in set(NamedBy):
        problems.append("IMPULS_SIGN_IN_NAMED_BY: Möglich sind hr_key und mail.")
        return None
    return ProxySettings(header, tuple(addresses), NamedBy(named_by))


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
        check_secrecy(place, problems)
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


def read_mail(environment: Mapping[str, str], problems: list[str]) -> MailSettings | None:
    """The mail server that `environment` names, None where it names none."""
    host = environment.get("IMPULS_MAIL_HOST", "")
    if not host:
        return None
    word = environment.get("IMPULS_MAIL_ENCRYPTION", Encryption.STARTTLS)
    if word not in set(Encryption):
        problems.append("IMPULS_MAIL_ENCRYPTION: Möglich sind starttls, tls und none.")
    encryption = Encryption(word) if word in set(Encryption) else Encryption.STARTTLS
    usual = USUAL_PORTS[encryption]
    port = read_number(environment, "IMPULS_MAIL_PORT", usual, problems, lowest=1, highest=65535)
    sender = environment.get("IMPULS_MAIL_SENDER", "")
    if not re.fullmatch(r"[!-?A-~]+@[!-?A-~]+", sender):
        problems.append("IMPULS_MAIL_SENDER: Nennen Sie die Adresse, von der die Mails kommen.")
    user, password = environment.get("IMPULS_MAIL_USER", ""), ""
    if user:
        password = read_password(environment.get("IMPULS_MAIL_PASSWORD_FILE", ""), problems)
        if encryption is Encryption.NONE and host not in LOOPBACK:
            problems.append("IMPULS_MAIL_ENCRYPTION: Ein Passwort wird nicht unverschlüsselt verschickt.")
    return MailSettings(host, port, sender, encryption, user, password)


def read_password(name: str, problems: list[str]) -> str:
    """The first line of the file that holds the password of the mail account."""
    place = Path(name)
    try:
        lines = place.read_text(encoding="utf-8").splitlines() if name else []
    except (OSError, UnicodeDecodeError):
        lines = []
    if not lines or not lines[0]:
        problems.append("IMPULS_MAIL_PASSWORD_FILE: Nennen Sie eine lesbare Datei mit dem Passwort in einer Zeile.")
        return ""
    check_secrecy(place, problems)
    return lines[0]


def check_secrecy(place: Path, problems: list[str]) -> None:
    """A secret is nobody else's to read."""
    if os.name == "posix" and place.stat().st_mode & 0o077:
        problems.append(f"{place} ist für andere lesbar. Abhilfe: chmod 600 {place}")


def read_number(
    environment: Mapping[str, str], name: str, default: int, problems: list[str], *, lowest: int, highest: int
) -> int:
    """The whole number that `name` holds, within its limits."""
    text = environment.get(name, str(default))
    if text.isascii() and text.isdigit() and lowest <= int(text) <= highest:
        return int(text)
    problems.append(f"{name}: Gemeint ist eine ganze Zahl von {lowest} bis {highest}.")
    return default
