"""Generated documents: lines that mean something to the notation, in any order, mostly broken."""

from functools import cache

from hypothesis import strategies as st

FRAGMENTS = (
    "## Frage: Eins {#eins}",
    "### Frage: Zwei",
    "## Fragenpool: Töpfe {#topf draw=1}",
    "## Abschnitt",
    "---",
    "- ( ) a",
    "- (x) b",
    "* ( ) c",
    "- [ ] d",
    "- [x] e",
    "- [x]",
    "  > Rückmeldung",
    "    > tiefer",
    "> Erklärung",
    "> [!TIP]",
    "> [!NOTE]",
    ">",
    "> > doppelt",
    "- = 42",
    "- = Wort",
    "- ! 41",
    "- = richtig",
    "- ! sonst",
    "- ! 2: Wort",
    "- ! 3 vor 1",
    "- = 2 vor 1",
    "- links -> rechts",
    "- oben → unten",
    "- -> nichts",
    "1. eins",
    "2. zwei",
    "3. drei",
    "7) sieben",
    "___",
    "Text mit [[Lücke|Gap]].",
    "[[a|(b)|c]] und [[3]]",
    "Text",
    "   Text mit Einzug",
    "lose Zeile",
    "- Punkt",
    "  - Unterpunkt",
    "  noch mehr",
    "    eingerückt",
    "\tTabulator",
    "-\tmit Tabulator",
    "```",
    "| a | b |",
    "|---|---|",
    "# Titel",
    "===",
    "[ref]: https://beispiel.de",
    "[ref]",
    "1) ( ) Zahl",
    "- ( ) # Raute",
    "- [x] # Raute",
    "- [x] - tief",
    "- ( )",
    "- ( ) ```",
    "- ( )     weit",
    "- ( ) 1. x",
    "+ (x) > Zitat",
    "",
    "",
    "",
)


@cache
def documents() -> st.SearchStrategy[str]:
    """Texts of lines that mean something, in any order: mostly broken, sometimes surprisingly not."""
    line = st.sampled_from(FRAGMENTS)
    question = st.tuples(st.sampled_from(FRAGMENTS[:2]), st.lists(line, max_size=9)).map(
        lambda each: [each[0], *each[1]]
    )
    return st.lists(question, min_size=1, max_size=2).map(
        lambda found: "\n".join(line for question in found for line in question)
    )
