"""Where the program finds its own files, in a checkout and in a wheel."""

from pathlib import Path

import pytest

from learning import paths
from tests.house.sources import ROOT


def test_in_a_checkout_templates_and_courses_stand_beside_the_packages() -> None:
    assert paths.checkout() == ROOT
    assert paths.templates() == ROOT / "templates"
    assert paths.content() == ROOT / "content"
    assert paths.static() == ROOT / "learning" / "static"


def test_in_a_wheel_they_are_inside_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "PACKAGE", tmp_path / "learning")
    assert paths.checkout() is None
    assert paths.templates() == tmp_path / "learning" / "templates"
    assert paths.content() == tmp_path / "learning" / "content"
    assert paths.translations() == tmp_path / "learning" / "translations"


def test_the_data_folder_is_the_named_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMPULS_DATA", str(tmp_path / "data"))
    assert paths.data() == tmp_path / "data"


def test_without_a_name_data_is_kept_in_var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("IMPULS_DATA", raising=False)
    assert paths.data() == ROOT / "var"
    monkeypatch.setattr(paths, "PACKAGE", tmp_path / "learning")
    monkeypatch.chdir(tmp_path)
    assert paths.data() == tmp_path / "var"
