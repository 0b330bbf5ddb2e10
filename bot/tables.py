"""What the terminal shows in tables: how files were read, how questions were answered, and why."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.bar import Bar
from rich.table import Table

from bot.rendering import clipped
from bot.terminal_text import on_one_line
from retrieval.types import Kind
from retrieval.verdict import CERTAINTY, RELEVANCE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console

    from retrieval.evaluation import Figures
    from retrieval.explanation import Explanation
    from retrieval.folder import Folder
    from retrieval.types import Passage
    from retrieval.verdict import Scale

_GLIMPSE = 60  # characters of a block or a quote
_EXPLAINED = 5  # passages
_BAR = 20  # columns


def _table(*columns: str, wrapped: str | None = None, title: str | None = None, gap: int = 2) -> Table:
    """An empty table; where room is short, the columns give way, or `wrapped` alone if there is one."""
    table = Table(box=None, padding=(0, gap, 0, 0), pad_edge=False, title=title, title_justify="left")
    for column in columns:
        table.add_column(column, no_wrap=wrapped not in {None, column}, overflow="fold")
    return table


def _add(table: Table, *cells: str | Bar) -> None:
    """A row, in which no name and no text steers the terminal."""
    table.add_row(*(on_one_line(cell) if isinstance(cell, str) else cell for cell in cells))


def _say(line: str, out: Console) -> None:
    """A line below the tables, never wrapped."""
    out.print(on_one_line(line), soft_wrap=True)


def show_folder(folder: Folder, out: Console) -> None:
    """A row for each document, then what is wrong or doubtful."""
    name, kinds = "publisher or title", (kind.value for kind in Kind)
    table = _table("file", name, *kinds, wrapped=name, gap=1)  # for a terminal of 80 columns
    for document in folder.documents:
        counts = Counter(block.kind for block in document.blocks)
        name = document.source.publisher or document.title or "–"
        _add(table, document.file, name, *(str(counts[kind]) for kind in Kind))
    out.print(table)
    for document in folder.documents:
        for warning in document.warnings:
            _say(f"note: {document.file}: {warning}.", out)
    for name in folder.ignored:
        _say(f"note: {name}: no reader for this kind of file.", out)
    for problem in folder.problems:
        _say(f"problem: {problem}", out)


def show_blocks(folder: Folder, out: Console) -> None:
    """Every block of every document: its kind, where it stands, how it begins and why it was given its kind."""
    for document in folder.documents:
        table = _table(
            "kind", "paragraph", "start", "end", "text", "reason", wrapped="text", title=on_one_line(document.file)
        )
        for block in document.blocks:
            text = _glimpse(document.text[block.start : block.end])
            place = "" if block.paragraph is None else str(block.paragraph)
            _add(table, block.kind.value, place, str(block.start), str(block.end), text, block.reason)
        out.print(table)
        out.print()


def show_figures(figures: Mapping[str, Figures], out: Console) -> None:
    """A row for each group of judged questions, with a bar for its first quotes, or for its silence."""
    table = _table("group", "questions", "success@1", "success@3", "MRR", "answered", "related", "silence", "")
    for group, row in figures.items():
        good = row.silence if row.success_at_1 is None else row.success_at_1
        shares = (row.success_at_1, row.success_at_3, row.mrr, row.answered, row.related, row.silence)
        bar = Bar(1.0, 0.0, good, width=_BAR)
        _add(table, group, str(row.questions), *("–" if share is None else f"{share:.3f}" for share in shares), bar)
    out.print(table)


def show_explanation(why: Explanation, out: Console) -> None:
    """How each word was read, what each passage and quote scored, and what the verdict rests on."""
    words = _table("word", "read by", "weight", "means", title="Words")
    for reading, weight in zip(why.readings, why.query.weights, strict=True):
        means = ", ".join(f"{term} {sure:g}" for term, sure in reading.weights.items())
        _add(words, reading.token.word, reading.rung.value, f"{weight:.2f}", means or "–")
    parts = list(why.ranked[0].parts) if why.ranked else []
    passages = _table("passage", "score", *parts, title="Passages")
    for ranked in why.ranked[:_EXPLAINED]:
        scores = (ranked.score, *ranked.parts.values())
        _add(passages, _place(ranked.passage.passage), *(f"{score:.2f}" for score in scores))
    parts = list(why.chosen[0].parts) if why.chosen else []
    quotes = _table("quote", "score", *parts, "text", title="Quotes")
    for chosen in why.chosen:
        passage, span = chosen.run.passage, chosen.run.span
        scores = (chosen.score, *chosen.parts.values())
        text = _glimpse(passage.document.text[span.start : span.end])
        _add(quotes, _place(passage), *(f"{score:.2f}" for score in scores), text)
    for table in (words, passages, quotes):
        out.print(table)
        out.print()
    scales = f"Relevance {_scale(RELEVANCE, why)}, certainty {_scale(CERTAINTY, why)}."
    missing = " The first quote does not hold what is asked for." if why.chosen and not why.is_offered else ""
    _say(f"Verdict: {why.verdict.value}. {scales}{missing}", out)


def _scale(scale: Scale, why: Explanation) -> str:
    """What a sum of signals came to, what it had to reach, and its parts."""
    signals = ", ".join(f"{name} {why.signals[name]:.2f}" for name in scale.weights)
    return f"{scale.value(why.signals):.2f} of {scale.threshold(why.size):.2f} ({signals})"


def _place(passage: Passage) -> str:
    return f"{passage.document.file} {passage.block.kind.value} {passage.block.paragraph}"


def _glimpse(text: str) -> str:
    return clipped(text, _GLIMPSE)
