"""The program `impuls`: one group that finds the commands of all features. What a command does lives in its feature.

A feature adds a line to COMMANDS. Commands are imported when they are called, so `impuls check` does not wait for the
web; tests/house imports them all and holds docs/operations.md to them.
"""

from importlib import import_module
from typing import Any

import click

COMMANDS = {
    "check": "learning.library.commands:check",
    "contact": "learning.library.publish_commands:contact",
    "demo": "learning.demo.commands:demo",
    "doctor": "learning.inspection:doctor",
    "fmt": "learning.library.commands:fmt",
    "local": "learning.library.publish_commands:local",
    "migrate": "learning.people.commands:migrate_command",
    "people": "learning.people.person_commands:people",
    "preview": "learning.serving:preview",
    "publish": "learning.library.publish_commands:publish",
    "rescore": "learning.study.rescoring.commands:rescore_command",
    "retention": "learning.upkeep:retention_command",
    "serve": "learning.serving:serve",
    "sweep": "learning.obligations.commands:sweep_command",
    "verify": "learning.obligations.commands:verify_command",
}


class Program(click.Group):
    """Knows its commands by name and imports the one that is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of all commands, in alphabetical order."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command itself, None for an unknown name."""
        place = COMMANDS.get(cmd_name)
        if place is None:
            return None
        module, _, name = place.partition(":")
        command = getattr(import_module(module), name)
        assert isinstance(command, click.Command), f"{place} is no click command"
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command. What a mistake of the program leaves on the screen holds no values of rows."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.Abort, click.exceptions.Exit):
            raise
        except Exception as error:
            from learning.database_errors import without_values

            without_values(error)
            raise


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="impuls", prog_name="impuls")
def main() -> None:
    """Impuls, die Lernbibliothek: Kurse schreiben, prüfen und ansehen."""
