"""The commands: a row each, with what it replies, its entry in the menu and its line in /help."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.rendering import Draft, Message, Style, clipped, plain, render
from retrieval.quoting import MAX_QUOTES

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.wording import Wording
    from retrieval.index import Index
    from retrieval.types import Answer, Document

_MAX_TITLE = 150  # characters


@dataclass(frozen=True, slots=True)
class Reply:
    """What is sent back, and the answer in it, if a question was answered."""

    message: Message
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class Command:
    """A command of the bot; `menu` is the key of its entry in the menu, which is its line in /help too."""

    name: str
    menu: str
    reply: Callable[[Index, Wording, str], Reply]  # the last: what stands behind the command


def answer(index: Index, wording: Wording, question: str, limit: int = MAX_QUOTES) -> Reply:
    """The documents' answer to a question."""
    found = index.ask(question, limit)
    return Reply(render(found, wording), found)


def _start(index: Index, wording: Wording, _: str) -> Reply:
    return Reply(plain(f"{wording('start')}\n\n{_size(index, wording)}"))


def _help(_index: Index, wording: Wording, _: str) -> Reply:
    lines = "\n".join(f"/{command.name} – {wording(command.menu)}" for command in COMMANDS)
    return Reply(plain(wording("help", commands=lines)))


def _ask(_index: Index, wording: Wording, _: str) -> Reply:
    """Asks for the question that was left out; one that was not is no command (`bot/dialogue.py`)."""
    return Reply(replace(plain(wording("ask_empty")), wants_reply=True))


def _sources(index: Index, wording: Wording, _: str) -> Reply:
    """The documents, as many as fit into a message."""
    draft = Draft()
    draft.add(_size(index, wording))
    counts = Counter(passage.document.file for passage in index.passages)
    for number, document in enumerate(index.documents):
        more = "\n\n" + wording("more_sources", number=len(index.documents) - number)
        entry = _source(document, wording, counts[document.file])
        if not draft.holds(entry, reserve=len(more)):
            draft.add(more)
            break
        draft.append(entry)
    return Reply(draft.message())


def _source(document: Document, wording: Wording, passages: int) -> Draft:
    draft = Draft()
    draft.add("\n\n")
    draft.add(clipped(document.title or wording("untitled"), _MAX_TITLE), Style.BOLD)
    draft.add("\n")
    for known in (document.source.publisher, document.source.date):
        draft.add(f"{clipped(known, _MAX_TITLE)} · " if known else "")
    draft.add(clipped(document.file, _MAX_TITLE), Style.CODE)
    draft.add(f" · {wording.count('passages', passages)}")
    return draft


def _size(index: Index, wording: Wording) -> str:
    documents, passages = len(index.documents), len(index.passages)
    return f"{wording.count('documents', documents)}, {wording.count('passages', passages)}"


COMMANDS = (
    Command("start", "menu_start", _start),
    Command("help", "menu_help", _help),
    Command("ask", "menu_ask", _ask),
    Command("sources", "menu_sources", _sources),
)
