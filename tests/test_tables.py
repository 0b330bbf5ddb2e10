"""What the terminal shows in tables."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from bot.tables import show_blocks, show_explanation, show_figures, show_folder
from retrieval.evaluation import Figures
from retrieval.explanation import Explanation
from retrieval.folder import read_folder
from retrieval.index import Index
from retrieval.verdict import CERTAINTY, RELEVANCE
from tests.folders import read, write

BLOCK = "█"


class Sheet:
    """A console that nobody sees, and the lines that were printed on it."""

    def __init__(self) -> None:
        self._file = io.StringIO()
        self.console = Console(file=self._file, width=250, highlight=False, markup=False, emoji=False)

    @property
    def text(self) -> str:
        return self._file.getvalue()

    def line(self, beginning: str) -> str:
        """The one line that begins like this."""
        (found,) = (line for line in self.text.splitlines() if line.startswith(beginning))
        return found


@pytest.fixture
def sheet() -> Sheet:
    return Sheet()


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("  ") if cell.strip()]


# how questions were answered


def figures(first: float | None, silence: float = 0.0) -> Figures:
    return Figures(8, first, first, first, 1 - silence, 0.0, silence)


def test_each_group_has_a_row_of_its_figures(sheet: Sheet) -> None:
    show_figures({"plain": Figures(29, 0.931, 0.96551, 1 / 3, 1.0, 0.0, 0.0), "typo": figures(0.5)}, sheet.console)

    head, *rows = sheet.text.splitlines()
    assert cells(head) == ["group", "questions", "success@1", "success@3", "MRR", "answered", "related", "silence"]
    assert cells(rows[0])[:8] == ["plain", "29", "0.931", "0.966", "0.333", "1.000", "0.000", "0.000"]
    assert len(rows) == 2


@pytest.mark.parametrize(("share", "columns"), [(0.0, 0), (0.25, 5), (0.5, 10), (1.0, 20)])
def test_the_bar_is_as_long_as_the_share_of_first_quotes_that_are_right(
    sheet: Sheet, share: float, columns: int
) -> None:
    show_figures({"plain": figures(share)}, sheet.console)
    assert sheet.text.count(BLOCK) == columns


def test_a_group_without_answers_has_dashes_and_a_bar_of_its_silence(sheet: Sheet) -> None:
    show_figures({"offtopic": figures(None, silence=0.75)}, sheet.console)

    assert cells(sheet.line("offtopic"))[:8] == ["offtopic", "8", "–", "–", "–", "0.250", "0.000", "0.750"]
    assert sheet.text.count(BLOCK) == 15


def test_no_groups_are_a_table_of_no_rows(sheet: Sheet) -> None:
    show_figures({}, sheet.console)
    assert len(sheet.text.splitlines()) == 1


# why an answer is what it is

TEXT = "We met Kyzym. Kuleba appointed him.\n\nThe minister of [red]many[/red] rivers appointed Kyzym in Lublin. " + (
    "A very long sentence follows, of rivers and of boats and of lakes that are green in summer and blue in winter.\n"
)


def explained(question: str, text: str = TEXT) -> Explanation:
    why = Index(read({"a.txt": text}).documents).explain(question)
    assert why is not None
    return why


def test_an_explanation_shows_how_each_word_was_read_and_what_it_weighs(sheet: Sheet) -> None:
    why = explained("who appointed Кизима to xyzzy")
    show_explanation(why, sheet.console)
    weights = [f"{weight:.2f}" for weight in why.query.weights]

    assert cells(sheet.line("word ")) == ["word", "read by", "weight", "means"]
    assert cells(sheet.line("appointed ")) == ["appointed", "exact", weights[0], "appoint 1"]
    assert cells(sheet.line("кизима ")) == ["кизима", "sound", weights[1], "kyzym 0.9"]
    assert cells(sheet.line("xyzzy ")) == ["xyzzy", "none", weights[2], "–"]


def test_an_explanation_shows_passages_and_quotes_with_the_parts_of_their_scores(sheet: Sheet) -> None:
    why = explained("minister appointed Kyzym")
    show_explanation(why, sheet.console)
    _, words, rest = sheet.text.partition("Words")
    passages, _, quotes = rest.partition("Quotes")
    ranked, chosen = why.ranked[0], why.chosen[0]

    assert words
    assert cells(passages.splitlines()[-len(why.ranked) - 2]) == ["passage", "score", *ranked.parts]
    numbers = [f"{value:.2f}" for value in (ranked.score, *ranked.parts.values())]
    assert ["a.txt text 2", *numbers] in [cells(line) for line in passages.splitlines()]
    assert cells(quotes.splitlines()[1]) == ["quote", "score", *chosen.parts, "text"]
    numbers = [f"{value:.2f}" for value in (chosen.score, *chosen.parts.values())]
    assert cells(quotes.splitlines()[2])[: 1 + len(numbers)] == ["a.txt text 2", *numbers]
    assert "[red]many[/red]" in quotes  # text is never taken for markup
    assert "…" in quotes  # a glimpse, not the whole


def test_an_explanation_ends_with_the_verdict_its_signals_and_the_threshold(sheet: Sheet) -> None:
    why = explained("minister appointed Kyzym")
    show_explanation(why, sheet.console)
    *_, last = sheet.text.splitlines()
    scales = [
        f"{scale.value(why.signals):.2f} of {scale.threshold(why.size):.2f}"
        f" ({', '.join(f'{name} {why.signals[name]:.2f}' for name in scale.weights)})"
        for scale in (RELEVANCE, CERTAINTY)
    ]

    assert last == f"Verdict: answered. Relevance {scales[0]}, certainty {scales[1]}."


def test_the_best_five_passages_are_shown(sheet: Sheet) -> None:
    why = explained("boat", "".join(f"The boat of number {number} is green.\n\n" for number in range(9)))
    show_explanation(why, sheet.console)
    passages = sheet.text.partition("Passages")[2].partition("Quotes")[0]

    assert len(why.ranked) == 9
    assert passages.count("a.txt text") == 5


def test_an_explanation_says_when_the_quote_lacks_what_is_asked_for(sheet: Sheet) -> None:
    show_explanation(explained("how many ministers appointed Kyzym"), sheet.console)
    assert sheet.line("Verdict: related. ").endswith(" The first quote does not hold what is asked for.")


def test_what_is_nowhere_in_the_documents_is_explained_too(sheet: Sheet) -> None:
    show_explanation(explained("xyzzy"), sheet.console)

    assert cells(sheet.line("passage")) == ["passage", "score"]
    assert cells(sheet.line("quote")) == ["quote", "score", "text"]
    assert sheet.line("Verdict: nothing. Relevance 0.00 of ")


# how files were read


def test_each_document_has_a_row_and_what_is_wrong_is_told_below(sheet: Sheet, tmp_path: Path) -> None:
    sources = '[[document]]\nfile = "b.md"\npublisher = "Kyiv Post"\n'
    folder = write(
        tmp_path,
        {"a.txt": "We met Kyzym.", "b.md": "# T\n\nOne.\n\nTwo.\n", "c.md": "# Title\n", "d.bin": "x"},
        sources,
    )
    (folder / "lost.txt").symlink_to("nowhere")
    show_folder(read_folder(folder), sheet.console)

    kinds = ["title", "heading", "text", "comment", "teaser", "furniture"]
    assert sheet.line("file").split() == ["file", "publisher", "or", "title", *kinds]
    assert sheet.line("a.txt").split() == ["a.txt", "–", "0", "0", "1", "0", "0", "0"]
    assert sheet.line("b.md").split() == ["b.md", "Kyiv", "Post", "1", "0", "2", "0", "0", "0"]
    assert sheet.line("c.md").split()[:3] == ["c.md", "Title", "1"]
    assert sheet.line("note: c.md") == "note: c.md: it holds nothing to quote."
    assert sheet.line("note: d.bin") == "note: d.bin: no reader for this kind of file."
    assert "lost.txt" in sheet.line("problem: ")


def test_every_block_is_shown_with_its_kind_place_beginning_and_reason(sheet: Sheet) -> None:
    text = f"# Title\n\nBoats {'and boats ' * 20}came.\n"
    folder = read({"a.md": text})
    show_blocks(folder, sheet.console)
    title, boats = folder.documents[0].blocks

    assert sheet.line("a.md")
    assert cells(sheet.line("title")) == ["title", str(title.start), str(title.end), "Title", title.reason]
    kind, paragraph, start, end, glimpse, reason = cells(sheet.line("text"))
    assert (kind, paragraph, start, end, reason) == ("text", "1", str(boats.start), str(boats.end), boats.reason)
    assert (glimpse[:5], glimpse[-1], len(glimpse) <= 60) == ("Boats", "…", True)
