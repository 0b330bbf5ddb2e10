"""Folders of documents as they lie on a disk, and random prose to fill them with."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from hypothesis import strategies as st

from retrieval.folder import Folder, read_folder
from retrieval.index import Index
from retrieval.types import Answer, Block, Citation, Document

SEEDS = Path(__file__).parent.parent / "seeds"
#: Long enough that a quote of it takes no neighbour along.
LONG = "which everybody in the whole country had been waiting for since the long and weary days of that summer, " * 3

_T = TypeVar("_T")


def write(folder: Path, files: Mapping[str, str | bytes], sources: str | None = None) -> Path:
    """The folder, with these files in it."""
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    if sources is not None:
        (folder / "sources.toml").write_text(sources, encoding="utf-8")
    return folder


def read(files: Mapping[str, str | bytes], sources: str | None = None) -> Folder:
    """What is read from a folder of these files, which is gone afterwards."""
    with TemporaryDirectory() as folder:
        return read_folder(write(Path(folder), files, sources))


def document(text: str, file: str = "a.txt") -> Document:
    """The document of exactly this text: a byte-order mark leaves no doubt of its encoding."""
    return read({file: text.encode("utf-8-sig")}).documents[0]


def ask(question: str, files: Mapping[str, str | bytes], sources: str | None = None) -> Answer:
    """The answer of a folder of these files."""
    return Index(read(files, sources).documents).ask(question)


def quotes(question: str, text: str) -> tuple[Citation, ...]:
    """The citations that a document of this text is answered with."""
    return Index([document(text)]).ask(question).citations


def shown(text: str, blocks: Iterable[Block]) -> list[tuple[str, str]]:
    """Kind and text of each block."""
    return [(block.kind.value, text[block.start : block.end]) for block in blocks]


class Onlooker:
    """A `Watch` that remembers what it saw."""

    def __init__(self) -> None:
        self.seen: dict[str, list[object]] = {}

    def __call__(self, items: Sequence[_T], what: str) -> Iterable[_T]:
        for item in items:
            self.seen.setdefault(what, []).append(item)
            yield item


_VOCABULARY = """
    Kyzym Kyzym’s appointed appointment minister Minsk Kyiv US U.S. EU the He it was by In 2,000 3.5 Feb. 2022 Mr. (e.g.
    x) “special” “This «так» writes: посол Кизим призначив призначений у Мінску Ён сказаў 🇺🇦 co\u00adop за\u0301мок
"""
_WORDS = st.sampled_from([*_VOCABULARY.split(), "\0", "\u2028"])
_STOPS = st.sampled_from([". ", ". ", ". ", "! ", "? ", "… ", ": “", ".” ", ".", " ", "\n"])
_TIMES = st.sampled_from([1, 1, 1, 1, 12])
_PHRASES = st.lists(_WORDS, min_size=1, max_size=14).map(" ".join)
_SENTENCES = st.builds(lambda phrase, times, stop: " ".join([phrase] * times) + stop, _PHRASES, _TIMES, _STOPS)
_PARAGRAPHS = st.lists(_SENTENCES, min_size=1, max_size=6).map("".join)

#: Texts of a few paragraphs, some with sentences longer than a quote may be, and texts of any characters.
PROSE = st.lists(_PARAGRAPHS, min_size=1, max_size=5).map("\n\n".join) | st.text(max_size=200)
#: Questions that such prose can often answer.
QUESTIONS = st.lists(_WORDS, min_size=1, max_size=6).map(" ".join) | st.text(max_size=40)
