"""Documentation is under test: commands exist, links lead somewhere, nothing is undocumented."""

import re
from pathlib import Path

import click
import pytest

from learning.cli import main
from tests.house.sources import ROOT, committed, name_of, report

LINK = re.compile(r"(?<!\\)\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
FENCE = re.compile(r"^(```+|~~~+).*?^\1\s*$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$", re.MULTILINE)
DEV_COMMANDS = re.findall(r"^(?:HELP = \"\"\")?\./dev (\w+)", (ROOT / "dev").read_text(encoding="utf-8"), re.MULTILINE)


def own_pages() -> list[Path]:
    """Pages of the project's documentation; courses have the checker for theirs."""
    return [path for path in committed("*.md") if not name_of(path).startswith(("content/", "tests/", "learning/"))]


def prose(path: Path) -> str:
    """The page without code blocks and code spans."""
    text = FENCE.sub("", path.read_text(encoding="utf-8"))
    return re.sub(r"`[^`\n]*`", "", text)


def anchors(path: Path) -> set[str]:
    """Anchors of the page's headings as code hosts make them."""
    headings = HEADING.findall(
        re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    )
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken_links(path: Path) -> list[str]:
    """Links of a page to files or headings of this project that are not there."""
    found = []
    for target in LINK.findall(prose(path)):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        linked = (path.parent / file).resolve() if file else path
        if not linked.exists():
            found.append(f"{name_of(path)}: {target} does not exist")
        elif anchor and linked.suffix == ".md" and anchor not in anchors(linked):
            found.append(f"{name_of(path)}: {target} has no such heading")
    return found


EVIDENCE = re.compile(r"`(tests/[\w/]+\.(?:py|toml))?(?:::(test_\w+))?`")


def missing_evidence(page: str) -> list[str]:
    """Tests that a table of evidence names and that are not there; `::name` alone is in the file named before it."""
    found, file = [], ""
    for named, test in EVIDENCE.findall(page):
        file = named or file
        path = ROOT / file
        if not path.is_file():
            found.append(f"docs/acceptance.md: {file} does not exist")
        elif test and f"def {test}(" not in path.read_text(encoding="utf-8"):
            found.append(f"docs/acceptance.md: {file} has no {test}")
    return found


def commands(group: click.Group, prefix: str = "impuls") -> dict[str, click.Command]:
    """Every command of the program by its full name, groups opened."""
    context = click.Context(group)
    found: dict[str, click.Command] = {}
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None, f"{prefix} {name} is listed and cannot be imported"
        found[f"{prefix} {name}"] = command
        if isinstance(command, click.Group):
            found |= commands(command, f"{prefix} {name}")
    return found


def test_every_link_between_pages_leads_somewhere() -> None:
    found = [finding for path in own_pages() for finding in broken_links(path)]
    assert not found, report(found, "mend the link or write the page.")


def test_every_file_that_a_page_names_exists() -> None:
    found = [line for path in own_pages() if path.name != "CHANGELOG.md" for line in missing_files(path)]
    assert not found, report(found, "say where it lives today.")


def missing_files(path: Path) -> list[str]:
    """Files of this project, with their folders, that a page names between backticks and that are not there."""
    named = re.findall(
        r"`((?:learning|courses|quizzes|tests|deploy|docs|templates)/[\w./-]+\.\w+)", path.read_text("utf-8")
    )
    return [f"{name_of(path)}: {name} does not exist" for name in named if not (ROOT / name).exists()]


def test_a_file_that_moved_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.house.test_documents.name_of", lambda path: path.name)
    page = tmp_path / "page.md"
    page.write_text("`learning/clock.py` `learning/sundial.py` `tests/sundial.py::test_noon` learning/nowhere.py\n")
    missing = ["page.md: learning/sundial.py does not exist", "page.md: tests/sundial.py does not exist"]
    assert missing_files(page) == missing


def test_every_command_of_the_program_is_documented() -> None:
    page = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    found = []
    for name, command in commands(main).items():
        if f"`{name}" not in page:
            found.append(name)
        options = [option for parameter in command.params for option in parameter.opts if option.startswith("--")]
        found += [f"{name} {option}" for option in options if option != "--help" and f"{option}" not in page]
    assert not found, report(found, "describe the command and its options in docs/operations.md, table Commands.")


def test_every_command_says_what_it_does() -> None:
    found = [name for name, command in commands(main).items() if not (command.help or "").strip()]
    assert not found, report(found, "give the command a docstring in German, Sie-form.")


def test_every_dev_command_is_documented() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    found = [name for name in DEV_COMMANDS if f"./dev {name}" not in page]
    assert len(DEV_COMMANDS) >= 8
    assert not found, report(found, "describe it in CONTRIBUTING.md.")


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "docs/operations.md", "docs/acceptance.md"])
def test_the_commands_that_a_page_names_exist(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    known = {"impuls"} | set(DEV_COMMANDS)
    found = [f"./dev {name}" for name in re.findall(r"\./dev ([a-z]\w*)", text) if name not in known]
    program = {name.split()[1] for name in commands(main)}
    found += [
        f"impuls {name}"
        for name in re.findall(r"(?:\./dev |`|^)impuls ([a-z]+)", text, re.MULTILINE)
        if name not in program
    ]
    assert not found, report(found, "correct the page, or bring the command back.")


def test_every_decision_is_listed() -> None:
    page = (ROOT / "docs/decisions/README.md").read_text(encoding="utf-8")
    records = [path.name for path in committed("*.md") if re.match(r"docs/decisions/\d{4}-", name_of(path))]
    numbers = [name[:4] for name in records]
    assert not (found := [name for name in records if name not in page]), report(found, "add it to the list there.")
    assert len(numbers) == len(set(numbers)), f"two decisions carry the same number: {sorted(numbers)}"


def test_the_map_of_changes_names_what_exists() -> None:
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (?:a|an|the) .*$", page.split("## Where do I change")[1].split("\n## ")[0], re.MULTILINE)
    assert len(rows) >= 10, "docs/architecture.md, section Where do I change …: ten places are asked for"
    found = []
    for row in rows:
        spans = re.findall(r"`([^`]+)`", row)
        files = [ROOT / span for span in spans if "/" in span and not span.startswith(".")]
        found += [f"{row}: {name_of(file)} does not exist" for file in files if not file.exists()]
        code = "".join(path.read_text(encoding="utf-8") for file in files if (path := file).is_file())
        names = [span for span in spans if re.fullmatch(r"[A-Za-z_]\w+", span)]
        found += [f"{row}: {name} is in none of its files" for name in names if name not in code]
        if not files:
            found.append(f"{row}: names no file")
    assert not found, report(found, "say where it lives today.")


def test_a_broken_link_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.house.test_documents.name_of", lambda path: path.name)
    page = tmp_path / "page.md"
    page.write_text("# Start\n[a](#start) [b](#nowhere) [c](missing.md) `[d](code.md)` [e](page.md#start)\n")
    assert broken_links(page) == ["page.md: #nowhere has no such heading", "page.md: missing.md does not exist"]


def test_every_test_that_is_named_as_evidence_exists() -> None:
    mend = "name the test that holds the sentence today, or write it."
    found = missing_evidence((ROOT / "docs/acceptance.md").read_text(encoding="utf-8"))
    assert not found, report(found, mend)


def test_a_missing_piece_of_evidence_is_found() -> None:
    page = "| `tests/house/test_documents.py::test_nothing` | `tests/nowhere.py` | `::test_commands` |"
    assert len(missing_evidence(page)) == 3
