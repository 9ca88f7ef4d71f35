"""Completes the wheel: builds assets and compiles texts before the files are collected. Editable installs skip it."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).resolve().parent))

import assets
import texts


class CompleteWheel(BuildHookInterface[Any]):
    """What `./dev` does in a checkout, done for the wheel."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it walks the files; `version` is "editable" for editable installs."""
        if version != "editable":
            assets.build_assets()
            texts.compile_catalogues()
