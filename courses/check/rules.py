"""Which codes stand for which rule of the learning rules (curriculum), and which code gives way to a nearer one."""

from collections.abc import Iterable, Mapping

from quizzes.problems import Problem

# Every rule of learning-rules.md that a machine can see. M1, M9 and M15 are for human eyes, M12 shows a placeholder.
LEARNING_RULES: Mapping[str, tuple[str, ...]] = {
    "M2": ("W601", "W602", "W603", "W604", "W641"),
    "M3": ("W605", "W606", "W636"),
    "M4": ("W607", "W608"),
    "M5": ("W609", "W610", "W611", "W612", "W642"),
    "M6": ("W613", "W614", "W615", "W616", "W617", "W317"),
    "M7": ("W701", "W702", "W703", "W704", "W707"),
    "M8": ("W705", "W708", "W709"),
    "M10": ("W706",),
    "M11": ("W631", "W632"),
    "M13": ("E110", "E115", "W114", "W120", "W143", "W144", "W145"),
    "M14": ("W633", "W634", "W635"),
    "K8": ("W621", "W622", "W623", "W624", "W625"),
}

# Where two codes fit the same line, only the nearer one helps: the key silences its values there.
NEARER: Mapping[str, frozenset[str]] = {
    "E320": frozenset({"E301", "E304", "E302", "E308"}),
    "E301": frozenset({"E304"}),
    "E404": frozenset({"E004"}),
    "E205": frozenset({"E004"}),
    "E310": frozenset({"E302"}),
    "E312": frozenset({"W311"}),
    "W605": frozenset({"W005"}),
    "E111": frozenset({"W114"}),
    "W616": frozenset({"W614"}),
    "W602": frozenset({"W601"}),
}


def without_farther(problems: Iterable[Problem]) -> list[Problem]:
    """The problems without those that a nearer one on the same line explains, and without repetitions; sorted."""
    found = sorted(set(problems), key=lambda problem: problem.place)
    silenced = {(problem.path, problem.line, farther) for problem in found for farther in NEARER.get(problem.code, ())}
    return [problem for problem in found if (problem.path, problem.line, problem.code) not in silenced]
