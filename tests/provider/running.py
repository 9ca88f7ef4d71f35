"""Starts the real OpenID provider of tests/provider for as long as a test needs it, installing its packages once."""

import hashlib
import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import assets

FOLDER = Path(__file__).resolve().parent
STAMP = FOLDER / "node_modules" / "impuls-stamp"
CLIENT_ID = "impuls"
CLIENT_SECRET = "ein-Geheimnis-nur-zum-Testen"


def install() -> None:
    """Bring node_modules to exactly what the lock file names; install scripts of packages never run."""
    wanted = hashlib.sha256((FOLDER / "package-lock.json").read_bytes()).hexdigest()
    if not STAMP.exists() or STAMP.read_text() != wanted:
        assets.run_npm("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", folder=FOLDER)
        STAMP.write_text(wanted)


@contextmanager
def running_provider(public_url: str, accounts: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """The issuer of a provider that knows the application at `public_url` and these accounts."""
    install()
    addresses = [public_url + path for path in ("/anmelden/dienstkonto/zurueck", "/abgemeldet")]
    addresses.append(public_url + "/anmelden/dienstkonto/abmeldung")
    command = [str(assets.node_program()), "provider.mjs", *addresses, json.dumps(accounts)]
    environment = {**os.environ, "NODE_NO_WARNINGS": "1"}
    with subprocess.Popen(command, cwd=FOLDER, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            issuer = ""
            while not issuer.startswith("http://localhost:"):
                issuer = process.stdout.readline().strip()
                assert process.poll() is None, "the provider did not start"
            yield issuer
        finally:
            process.kill()
