"""Questions to begin with, drawn from the documents themselves; each was asked, and the documents answer it."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from bot.rendering import Button
from bot.wording import PLURALS, wording
from retrieval.analysis import is_cyrillic
from retrieval.types import Kind, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from bot.rendering import Rows
    from bot.wording import Wording
    from retrieval.index import Index
    from retrieval.types import Document, Passage

_T = TypeVar("_T")

_SHOWN = 3
_TRIES = 9  # questions that are asked to find those: a big folder takes some time for each
_DOCUMENTS, _PASSAGES = 300, 3_000  # looked at, evenly spread over the folder
_LONGEST = 60  # characters; a longer one is cut off on a button
_CAPITALISED = r"[^\W\d_a-zа-яёіїєґў][\w-]{2,}"
#: One to three capitalised words inside a sentence: at its start a capital tells nothing.
_NAME = re.compile(rf"(?<=[\w,;)] )({_CAPITALISED}(?: {_CAPITALISED}){{0,2}})")
_WORD = re.compile(r"[^\W\d_][\w-]{2,}")
_DIGEST_BYTES = 6


class Examples:
    """The example questions of some documents, found when somebody first needs them; the same for the same folder."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._in = cache(self._found)
        self._is_answered = cache(lambda question: index.ask(question).verdict is Verdict.ANSWERED)
        self._names = cache(self._all_names)

    def questions(self, words: Wording) -> tuple[str, ...]:
        """Some questions, for somebody of this language; fewer or none where the documents offer no more."""
        return self._in(words.language)

    def buttons(self, words: Wording) -> Rows:
        """A button for each."""
        return tuple((Button(text, f"ask:{words.language}:{_digest(text)}"),) for text in self.questions(words))

    def behind(self, language: str, digest: str) -> str | None:
        """The question of a button; None if the documents no longer lead to it."""
        known = self._in(language) if language in PLURALS else ()
        return next((question for question in known if _digest(question) == digest), None)

    def _found(self, language: str) -> tuple[str, ...]:
        tried = islice(self._candidates(wording(language)), _TRIES)
        return tuple(islice(filter(self._is_answered, tried), _SHOWN))

    def _all_names(self) -> tuple[str, ...]:
        """The names in the texts themselves, not in comments and teasers."""
        spread = _spread(self._index.passages, _PASSAGES)
        return _names(passage for passage in spread if passage.block.kind is Kind.TEXT)

    def _candidates(self, words: Wording) -> Iterator[str]:
        """Headings in the person's script, then questions about names that share no word."""
        for heading in _headings(_spread(self._index.documents, _DOCUMENTS)):
            if is_cyrillic(heading) is is_cyrillic(words("own_name")):
                yield heading
        taken: set[str] = set()
        for name in self._names():
            question = words("example", name=name)
            if len(question) <= _LONGEST and taken.isdisjoint(name.split()):
                taken.update(name.split())
                yield question


def _headings(documents: Sequence[Document]) -> Iterator[str]:
    """Of each document the first title or heading that is a question and names something."""
    for document in documents:
        texts = (document.text[b.start : b.end] for b in document.blocks if b.kind in {Kind.TITLE, Kind.HEADING})
        lines = (" ".join(text.split()) for text in (document.source.title or "", *texts))
        asking = (line for line in lines if line.endswith("?") and len(line) <= _LONGEST and _NAME.search(line))
        yield from islice(asking, 1)


def _names(passages: Iterable[Passage]) -> tuple[str, ...]:
    """The names in some passages: full names that recur, then the others, each group by how often they stand there."""
    counts: Counter[str] = Counter()
    common: set[str] = set()  # words that stand there in small letters, too: "Foreign Affairs" is not much of a name
    for passage in passages:
        text = passage.document.text[passage.start : passage.end]
        counts.update(_NAME.findall(text))
        common.update(filter(str.islower, _WORD.findall(text)))
    names = [name for name in counts if _is_name(name.split(), common)]
    return tuple(sorted(names, key=lambda name: (not (" " in name and counts[name] > 1), -counts[name], name)))


def _is_name(words: Sequence[str], common: AbstractSet[str]) -> bool:
    return all(word[0].isupper() for word in words) and common.isdisjoint(map(str.lower, words))


def _spread(items: Sequence[_T], limit: int) -> Sequence[_T]:
    """At most so many of them, evenly spread."""
    return items[:: -(-len(items) // limit) or 1]


def _digest(question: str) -> str:
    return hashlib.blake2b(question.encode(), digest_size=_DIGEST_BYTES).hexdigest()
