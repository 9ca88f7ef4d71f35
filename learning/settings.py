"""What an installation decides before it starts, as values. Commands read options and the environment into them."""

from dataclasses import dataclass
from pathlib import Path

PORT = 8000
FORM_BYTES = 256 * 1024


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
