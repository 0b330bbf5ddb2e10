"""One key for the spellings of a name in Latin script and in Ukrainian, Russian and Belarusian Cyrillic.

No romanisation meets the spellings that texts mix (Tsikhanouskaya, Tikhanovskaya, Тихановская, Ціханоўская), so
both scripts are brought down to how a name sounds, roughly: voiced and hissing sounds that the languages exchange
become one letter, о and а too, endings fall away. Equal keys are a strong hint, for keys of four letters and more.
"""

from __future__ import annotations

import re
from functools import lru_cache

from retrieval.analysis import fold, is_cyrillic

_CYRILLIC = str.maketrans(
    dict(zip("абвгґдеєжзиіїйклмнопрстуфхцчшщыэ", "abvhhdeezziiiiklmnaprstufht4ssie", strict=True))
    | {"ў": "v", "ю": "iu", "я": "ia", "ё": "e", "ь": "", "ъ": ""}
)

#: Applied in order. The digits stand for sounds that one Latin letter cannot hold: 4 is ч.
_LATIN = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"shch", "s"),
        (r"tsch|tch", "4"),
        (r"sch|sh|sz", "s"),
        (r"cz|ch", "4"),
        (r"zh", "z"),
        (r"kh|gh", "h"),
        (r"ph", "f"),
        (r"ck|q", "k"),
        (r"ts|tz", "t"),
        (r"x", "ks"),
        (r"w", "v"),
        (r"c(?=[eiy])", "s"),
        (r"c", "k"),
        (r"eu(?=[^aeiou])", "ev"),
        (r"[oa][uv](?=s)", "av"),
        (r"i?[yj]a|ia", "a"),
        (r"[yji]u", "u"),
        (r"[yj]o|[iyj]e", "e"),
        (r"g", "h"),
        (r"[jy]", "i"),
        (r"o", "a"),
    )
)

#: Applied to both scripts.
_COMMON = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"ia", "a"),
        (r"iu", "u"),
        (r"ie", "e"),
        (r"(.)\1+", r"\1"),
        (r"sk[aeiu]*(?:h[aeiu]|m[aeiu]?|i|h|u)?$", "sk"),  # adjectival surnames in all cases: -ska, -skoho, -sky
    )
)
_FINAL_VOWELS = re.compile(r"(?<=..)[aeiu]+$")

#: Case endings of names, tried one by one: Кизимом, Кулебою, Вільнюсі.
_ENDINGS = tuple(
    """
    ами ями ого его ому ему ыми ими ою ею єю ой ей ай яй ая яя ий ый ій ам ям ом ем єм ём ым им ім ах ях ів їв ов ев аў
    оў еў ію ія ії ии ию ия а я у ю і ї и ы е є о э ь й
    """.split()  # noqa: SIM905  # a list literal would be three times as long
)
_SHORTEST_STEM = 3
_MOST_VARIANTS = 4


@lru_cache(maxsize=100_000)
def skeleton(word: str) -> str:
    """The key of a word."""
    sounds = fold(word)
    sounds = sounds.translate(_CYRILLIC) if is_cyrillic(sounds) else _replaced(sounds, _LATIN)
    return _FINAL_VOWELS.sub("", _replaced(sounds, _COMMON))


def _replaced(word: str, rules: tuple[tuple[re.Pattern[str], str], ...]) -> str:
    for pattern, sound in rules:
        word = pattern.sub(sound, word)
    return word


def skeletons(word: str) -> list[str]:
    """The keys of a word and, in Cyrillic, of the word without a case ending; the likeliest first."""
    folded = fold(word)
    keys = [skeleton(folded)]
    if is_cyrillic(folded):
        stems = (folded.removesuffix(ending) for ending in _ENDINGS if folded.endswith(ending))
        keys += [skeleton(stem) for stem in stems if len(stem) >= _SHORTEST_STEM]
    return [key for key in dict.fromkeys(keys) if len(key) >= _SHORTEST_STEM or key == keys[0]][:_MOST_VARIANTS]
