"""Makes the three generated tables of `retrieval/` anew; needs `pip install babel symspellpy`, which nothing else does.

    python tests/make_tables.py

countries.tsv: country names in English, Ukrainian, Russian and Belarusian, from CLDR (Unicode licence) by babel.
english.txt: stems of frequent English words, from SymSpell's list (MIT; frequencies of Google Books, words of SCOWL).
frequent.txt: the most frequent stems of that list, the most frequent first.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import babel
import symspellpy

from retrieval.analysis import fold, terms

TABLES = Path(__file__).parents[1] / "retrieval"
LANGUAGES = ("uk", "ru", "be")
FREQUENT, MOST_FREQUENT = 60_000, 10_000
RARER = {"poutine"}  # English words that sound like a name in the news
#: Endings that the cases of a country's name exchange.
ENDING = re.compile(r"(?:ия|ія|ыя|ея|ы|и|і|а|я|о|е|ь|й)$")
LEFT_OUT = {"GE", "ML", "NU", "TD", "TG", "WS"}  # their names begin other words, or are other words; see aliases.tsv
LETTERS = 4  # of a beginning that is not taken for another word's
#: Ending of a short name -> the endings of its cases.
CASES = {
    "ія": "ія ії ію ією іяй іі",
    "ия": "ия ии ию ией",
    "ыя": "ыя ыі ыю ыяй",
    "а": "а и ы і у ой ою ай е",
}


def countries() -> list[str]:
    """A row for each country of one word in all four languages."""
    names = {code: babel.Locale(code).territories for code in ("en", *LANGUAGES)}
    rows = []
    for code in sorted(names["en"]):
        if not re.fullmatch("[A-Z]{2}", code) or code in LEFT_OUT:
            continue
        row = [names[language].get(code, "") for language in names]
        if all(re.fullmatch(r"[^\W\d_]+", name) for name in row):
            rows.append("\t".join([fold(row[0]), *(beginning(name) for name in row[1:])]))
    return sorted(rows)


def beginning(name: str) -> str:
    """What all cases of a name begin with; of a short name its cases as whole words."""
    word = fold(name)
    stem = ENDING.sub("", word)
    if len(stem) >= LETTERS:
        return stem
    endings = next((endings for ending, endings in CASES.items() if word.endswith(ending)), CASES["а"])
    return " ".join(f"={stem}{ending}" for ending in endings.split())


def counted() -> dict[str, int]:
    """English words with how often they were counted, the most frequent first."""
    source = Path(symspellpy.__file__).with_name("frequency_dictionary_en_82_765.txt")
    lines = source.read_text("utf-8-sig").splitlines()
    return {word: int(count) for word, count in map(str.split, lines)}


def english() -> list[str]:
    """The stems of the most frequent words of four letters and more."""
    kept = RARER.union(word for word in list(counted())[:FREQUENT] if re.fullmatch("[a-z]{4,14}", word))
    return sorted({term for word in kept for term in terms(word)})


def frequent() -> list[str]:
    """The most frequent stems, the most frequent first; the words of a stem are counted together."""
    counts = Counter[str]()
    for word, count in counted().items():
        counts.update(dict.fromkeys(terms(word), count))
    return [term for term, _ in counts.most_common(MOST_FREQUENT)]


if __name__ == "__main__":
    head = "# Generated from CLDR by tests/make_tables.py; the format is that of lexicon.tsv.\n"
    (TABLES / "countries.tsv").write_text(head + "en\tuk\tru\tbe\n" + "\n".join(countries()) + "\n", "utf-8")
    (TABLES / "english.txt").write_text("\n".join(english()) + "\n", "utf-8")
    (TABLES / "frequent.txt").write_text("\n".join(frequent()) + "\n", "utf-8")
