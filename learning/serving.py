"""Commands that start servers: `impuls serve` the product, `impuls preview` a folder of courses, until interrupted."""

import logging
import threading
from pathlib import Path

import click
from waitress.server import create_server

from learning.language import LANGUAGES
from learning.preview.application import create_preview_app
from learning.preview.shelf import Shelf
from learning.settings import PORT, PreviewSettings, ProductSettings
from learning.web.assets import MissingAssets
from learning.workshop import Workshop

HOST = "127.0.0.1"
THREADS = 6
# Bytes of an answer that are held for a browser that reads more slowly than we write; only exported files are longer.
SENT_AHEAD = 1_000_000


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="DIR")
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="Port auf 127.0.0.1.")
@click.option("--language", type=click.Choice(list(LANGUAGES)), help="Sprache der Oberfläche, sonst die des Browsers.")
def preview(folder: Path, port: int, language: str | None) -> None:
    """Kurse ansehen, wie Lernende sie sehen werden.

    DIR ist ein Kursordner oder ein Ordner mit Kursen. Die Seiten laden neu, wenn sich eine Datei ändert.
    """
    settings = PreviewSettings(folder, port=port, language=language)
    with Workshop() as workshop:
        try:
            app = create_preview_app(settings, workshop)
        except MissingAssets as error:
            raise click.ClickException(str(error)) from error
        try:
            server = create_server(app, host=HOST, port=port, threads=THREADS, ident=None)
        except OSError as error:
            raise click.ClickException(
                f"Port {port} ist schon belegt. Wählen Sie mit --port einen anderen. ({error.strerror})"
            ) from error
        own_port = getattr(server, "effective_port", port)  # With --port 0 the system has chosen one.
        click.echo(f"Vorschau von {settings.folder}: http://{HOST}:{own_port}/  (Ende mit Strg+C)")
        shelf = app.extensions["impuls-shelf"]
        assert isinstance(shelf, Shelf)
        # The first reader should not wait for what can be prepared before.
        threading.Thread(target=shelf.courses, daemon=True, name="prepare-courses").start()
        server.run()


@click.command()
@click.option("--host", default=HOST, show_default=True, help="Adresse, auf der Impuls antwortet.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port, sonst der von IMPULS_PUBLIC_URL.")
@click.option("--threads", type=click.IntRange(1, 64), default=THREADS, show_default=True, help="Anfragen zugleich.")
def serve(host: str, port: int | None, threads: int) -> None:
    """Die Lernbibliothek starten. Davor einmal: impuls migrate, impuls people add-admin."""
    # The preview shall not wait for what only the product needs.
    from learning.people.commands import open_engine, settings_from_environment

    settings = settings_from_environment()
    open_engine(settings).dispose()
    serve_product(settings, host=host, port=port, threads=threads)


def serve_product(
    settings: ProductSettings, *, host: str = HOST, port: int | None = None, threads: int = THREADS
) -> None:
    """Serve until interrupted; the database has to be migrated. A refusal is a click exception in words."""
    from learning.app import create_app
    from learning.jobs import Jobs

    try:
        app = create_app(settings)
    except MissingAssets as error:
        raise click.ClickException(str(error)) from error
    wanted = settings.port if port is None else port
    try:
        server = create_server(
            app,
            host=host,
            port=wanted,
            threads=threads,
            ident=None,
            clear_untrusted_proxy_headers=False,
            outbuf_high_watermark=SENT_AHEAD,
        )
    except OSError as error:
        raise click.ClickException(f"Port {wanted} ist schon belegt. ({error.strerror})") from error
    click.echo(
        f"Impuls: {settings.public_url}/  (auf {host}:{getattr(server, 'effective_port', wanted)}, Ende mit Strg+C)"
    )
    log_jobs()
    jobs = app.extensions["impuls-jobs"]
    assert isinstance(jobs, Jobs)
    worker = jobs.worker()
    worker.start()
    try:
        server.run()
    finally:
        worker.stop(graceful=True)


def log_jobs() -> None:
    """Show on the standard error stream what jobs did, which is counts alone."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("impuls").setLevel(logging.INFO)
