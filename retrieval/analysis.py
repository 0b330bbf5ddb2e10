"""Text to terms: the same road for documents and questions.

Words are found in the text as it stands and folded one by one, so that every term keeps exact offsets into
the stored text. What each step brings was measured on public question sets, as the share of first hits that are
right: word pattern and folding raise it by .13 to .18, Snowball by another .01 to .02 in English and .11 in Russian.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import Stemmer

from retrieval.languages import STOP_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# Letters and digits with the marks that may stand inside a word: stress and other combining accents, soft hyphen.
_LETTERS = r"[^\W_][^\W_\u0300-\u036f\u00ad]*(?:[\u0300-\u036f\u00ad]+[^\W_]*)*"
_APOSTROPHES = "'\u2018\u2019\u02bc\uff07"
_WORD = re.compile(
    rf"""
      (?<![^\W_])(?:[A-Z]\.)+[A-Z](?![^\W_])   # U.S: an acronym is one word, else "us" is a pronoun
    | \d{{1,3}}(?:,\d{{3}})+(?![^\W_])         # 2,000
    | \d+(?:\.\d+)+(?![^\W_])                  # 3.5
    | {_LETTERS}(?:[{_APOSTROPHES}]{_LETTERS})*
    """,
    re.VERBOSE,
)
_ACRONYM = re.compile(r"[A-Z]{2,5}|(?:[A-Z]\.)+[A-Z]")
_CONTRACTED = re.compile(rf"(?:n[{_APOSTROPHES}]t|[{_APOSTROPHES}](?:s|ve|ll|re|d|m))$", re.IGNORECASE)
_SHOUTED = re.compile(r"[^\W\d_]{6,}|(?:[^\W\d_]+[\W\d_]+){2}[^\W\d_]")  # a long word, or three words
_MARKS = re.compile(r"[\u0300-\u036f\u00ad]")
_CYRILLIC = re.compile(r"[\u0400-\u052f]")
#: British spelling -> American: organise, labour, defence, centre, travelled, analyse.
_BRITISH = tuple(
    (re.compile(pattern), american)
    for pattern, american in (
        (r"(?<=[a-z]{3})is(?=(?:e|es|ed|ely|er|ers|ing|ation|ations)$)", "iz"),
        (r"(?<=[a-z]{2})our(?=(?:s|ed|ing|ite|ites|able|ful|less)?$)", "or"),
        (r"^(def|off|lic|pret)ence(?=s?$)", r"\1ense"),
        (r"(?<=[a-z]{3})tre(?=s?$)", "ter"),
        (r"^(\w*[aeiou]\w*[^aeiou\W]\w*[aeiou])ll(?=(?:ed|ing|er|ers)$)", r"\1l"),  # travelled, but not drilled
        (r"(?<=[a-z]{2})ys(?=(?:e|ed|es|ing)$)", "yz"),
    )
)
_LATIN = re.compile(r"[\u0000-\u024f\u1e00-\u1eff]")
_DROPPED = str.maketrans("", "", _APOSTROPHES + ",")
#: Letters that are typed in another way, and that Unicode does not take apart. Russian readers type е for ё.
_TYPED = str.maketrans({"ё": "е", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})

_NOT_RUSSIAN = re.compile(r"[іїєґў]", re.IGNORECASE)
_NOT_RUSSIAN_SHARE = 0.01  # of the Cyrillic letters; Russian text has none, Ukrainian about 8 %
_BEGINNING = 5  # letters
LONGEST_WORD = 64  # letters; a longer one is no word of a language, and costs the rules more than it is worth
_ENGLISH, _RUSSIAN = Stemmer.Stemmer("english"), Stemmer.Stemmer("russian")


class Cyrillic(StrEnum):
    """How Cyrillic words lose their endings; a folder has one way, for its documents and the questions to them.

    Snowball has no Ukrainian and no Belarusian. To cut words to five letters was measured on Russian, where it
    does as well as Snowball (first hits .910 and .907, without either .800), so it serves folders that hold them.
    """

    SNOWBALL = "snowball"
    BEGINNING = "beginning"


class Token(NamedTuple):
    """A content word where it stands in a text."""

    start: int
    end: int
    word: str  # folded, not stemmed
    term: str  # what is compared


def cyrillic(texts: Iterable[str]) -> Cyrillic:
    """The way for a folder of these texts."""
    letters = foreign = 0
    for text in texts:
        letters += len(_CYRILLIC.findall(text))
        foreign += len(_NOT_RUSSIAN.findall(text))
    return Cyrillic.BEGINNING if foreign > _NOT_RUSSIAN_SHARE * letters else Cyrillic.SNOWBALL


def tokens(text: str, start: int = 0, end: int | None = None, way: Cyrillic = Cyrillic.SNOWBALL) -> list[Token]:
    """The content words of `text[start:end]`, in order; offsets are into `text`."""
    stop = len(text) if end is None else end
    is_shouted = text[start:stop].isupper() and _SHOUTED.search(text, start, stop)  # then capitals mark no acronym
    found = []
    for match in _WORD.finditer(text, start, stop):
        word, term = _analysed(match[0].casefold() if is_shouted else match[0], way)
        if term:
            found.append(Token(*match.span(), word, term))
    return found


def terms(text: str, way: Cyrillic = Cyrillic.SNOWBALL) -> list[str]:
    """The terms of a text, repeated as often as they stand there."""
    return [token.term for token in tokens(text, way=way)]


def words(text: str) -> Iterator[str]:
    """All words of a text, folded, function words too."""
    return (fold(match[0]) for match in _WORD.finditer(text))


def fold(word: str) -> str:
    """A word without case, width, possessive, apostrophes and Latin accents.

    Cyrillic й, ї and ў keep their marks: without them they are other letters. Stress marks go everywhere.
    """
    bare = spelt(word).translate(_DROPPED)
    if bare.isascii():
        return bare
    return "".join(_unaccented(letter) for letter in _MARKS.sub("", bare)).translate(_TYPED)


def spelt(word: str) -> str:
    """A word without case, width and possessive, but with the letters and apostrophes that it is spelt with."""
    return _CONTRACTED.sub("", unicodedata.normalize("NFKC", word)).casefold()


def is_cyrillic(word: str) -> bool:
    """Whether a word holds a Cyrillic letter."""
    return _CYRILLIC.search(word) is not None


def _unaccented(letter: str) -> str:
    return _MARKS.sub("", unicodedata.normalize("NFD", letter)) if _LATIN.match(letter) else letter


@lru_cache(maxsize=200_000)
def _analysed(word: str, way: Cyrillic) -> tuple[str, str]:
    """The folded word and its term; a function word has no term."""
    folded = fold(word)
    if _ACRONYM.fullmatch(_CONTRACTED.sub("", word)):
        folded = _acronym(folded)
    if folded in STOP_WORDS:
        return folded, ""
    if len(folded) > LONGEST_WORD:
        return folded, folded
    if is_cyrillic(folded):
        return folded, _RUSSIAN.stemWord(folded) if way is Cyrillic.SNOWBALL else folded[:_BEGINNING]
    return folded, _ENGLISH.stemWord(_american(_irregular().get(folded, folded)))


@cache
def _irregular() -> dict[str, str]:
    """Irregular form -> base form."""
    lines = Path(__file__).with_name("irregular.txt").read_text("utf-8").splitlines()
    groups = [line.split() for line in lines if not line.startswith("#")]
    return {form: base for base, *forms in groups for form in forms}


def _american(word: str) -> str:
    """British spellings as the American ones; both sides go this way, so a wrong change does no harm."""
    for british, american in _BRITISH:
        word = british.sub(american, word)
    return word


def _acronym(folded: str) -> str:
    """E.U. and EU are one word; U.S. and US are too, but not the pronoun "us"."""
    letters = folded.replace(".", "")
    return ".".join(letters) if letters in STOP_WORDS else letters
