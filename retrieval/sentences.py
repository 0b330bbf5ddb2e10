"""Where sentences end, for English, Ukrainian, Russian and Belarusian, with exact offsets.

A sentence ends at a run of `. ! ? …` and the quotation marks behind it, when something that can begin a
sentence follows: after white space, or glued ("crimes.The"). What looks like an end and is none stands in
the tables below. In doubt a sentence goes on: a quote that says too much is better than one cut short.
"""

from __future__ import annotations

import re

from retrieval.types import Span


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# What the word before a full stop tells. Casefolded, without the last stop.
_BEFORE_A_NAME = _words("""
    mr mrs ms dr prof rev hon gen col lt sgt cpl capt cmdr adm gov sen rep pres st mt ft messrs mme mlle fr sr jr
    г-н г-жа гр ім им вул ул пр просп бул бульв пл м г р с проф акад ред доц ген полк тов див см рис мал табл
    св праф дац
""")
_BEFORE_A_NUMBER = _words("""
    jan feb mar apr jun jul aug sep sept oct nov dec no nos vol fig sec art ch p pp para ca approx c
    січ лют бер квіт трав черв лип серп вер жовт лист груд янв фев февр апр авг сент окт нояб дек
    буд д кв корп оф студз сак крас чэрв жн кастр ст п пп гл розд разд
""")
_NEVER_LAST = _words("e.g i.e cf vs viz al т.е т.зв т.н напр тобто зокр тыс тис млн млрд трлн грн руб чел обл")
_SOMETIMES_LAST = _words("etc u.s u.k u.n e.u d.c a.m p.m inc ltd co corp bros т.д т.п др пр ін рр гг і.г.д")
_OPENERS = _words("""
    the a an this that these those it he she they we i you and but in on at as if when while however moreover there
    here after before for to no not one some many most all his her its their our my what why how who where meanwhile
    later also so because by with from
    це ці цей ця він вона воно вони ми ви я але у в на за як якщо коли проте однак також тому після до не що чому хто
    это эта этот эти он она оно они мы вы но если когда однако также поэтому после почему кто где
    гэта гэты гэтая гэтыя ён яна яны калі аднак таксама чаму
""")
_DOMAINS = _words("com org net info io eu js py ua by ru")  # "example.Com" is one word

_CLOSING = "\"'”“’»›)]}"
_OPENING = "\"'“‘«‹„([{¿¡*_—–- \u00a0"  # and the space behind a dash
_STOP = re.compile(r"\.(?: \.)+|[.!?…。！？]+")
_LAST_WORD = re.compile(r"[^\W\d_][\w’'-]*(?:\.[^\W\d_]\w*)*$")
_NEXT_WORD = re.compile(r"[^\W_]+")
_FOOTNOTES = re.compile(r"(?:\s?\[\d{1,3}\])+")
_LIST_MARK = re.compile(r"\s*\(?(?:\d{1,3}|[^\W\d_])")
_DOTTED = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")
_GLUED_TAIL = re.compile(r"[^\W\d_][^\W\d_]{2,}$")
_BLANKS = (
    "".join(map(chr, range(0x21)))
    + "\x7f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff"
    + "".join(map(chr, (*range(0x2000, 0x200C), *range(0x202A, 0x202F))))
)
_LOOK_BACK = 100  # characters in which the bracket of a short parenthesis, or the last word, is looked for


def sentences(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """The sentences of `text[start:end]`, in order; only white space lies between them.

    The stretch is taken as one paragraph: a line break in it is white space like any other.
    """
    inner = text[start:end]  # what stands around the stretch has no say
    found, begin, word = [], 0, _first_word(inner, 0)
    for mark in _STOP.finditer(inner):
        # A run before the first word, as in "… She stayed.", ends nothing.
        ending = _end_after(inner, begin, mark) if mark.start() > word else None
        if ending is not None:
            found.append(trimmed(inner, begin, ending))
            begin, word = ending, _first_word(inner, ending)
    found.append(trimmed(inner, begin, len(inner)))
    return [Span(start + span.start, start + span.end) for span in found if span.start < span.end]


def _first_word(text: str, begin: int) -> int:
    """Where the next word begins, or the end of the text."""
    word = _NEXT_WORD.search(text, begin)
    return word.start() if word else len(text)


def trimmed(text: str, start: int, end: int) -> Span:
    """`text[start:end]` without the white space and control characters at its ends."""
    inner = text[start:end]
    lead = len(inner) - len(inner.lstrip(_BLANKS))
    return Span(start + lead, max(start + lead, start + len(inner.rstrip(_BLANKS))))


def _end_after(text: str, begin: int, mark: re.Match[str]) -> int | None:
    """Where the sentence ends whose closing run is `mark`, or None when it goes on."""
    end = _past(text, mark.end(), _CLOSING)
    footnotes = _FOOTNOTES.match(text, end)
    end = footnotes.end() if footnotes else end
    following = end
    while following < len(text) and text[following].isspace():
        following += 1
    opener = _past(text, following, _OPENING)
    if opener == len(text) or text[opener] in ")]}" or text[opener].islower():
        return None
    if _in_parenthesis(text, begin, mark.start()):
        return None
    if following == end:
        return end if _is_glued(text, begin, mark, end, opener) else None
    if mark[0] == "." and (end == mark.end() or footnotes) and _is_abbreviation(text, begin, mark.start(), opener):
        return None
    return end


def _past(text: str, at: int, signs: str) -> int:
    while at < len(text) and text[at] in signs:
        at += 1
    return at


def _in_parenthesis(text: str, begin: int, at: int) -> bool:
    """Whether `at` lies in a parenthesis short enough to be part of its sentence."""
    opening = text.rfind("(", max(begin, at - _LOOK_BACK), at)
    if opening < 0 or ")" in text[opening:at]:
        return False
    closing = text.find(")", at, at + _LOOK_BACK)
    return closing >= 0 and "(" not in text[at:closing]


def _is_glued(text: str, begin: int, mark: re.Match[str], end: int, opener: int) -> bool:
    """Whether a sentence begins right behind the stop: "crimes.The", but not "node.Js" or "U.S.A"."""
    tail = _GLUED_TAIL.search(text, max(begin, mark.start() - _LOOK_BACK), mark.start())
    if mark[0] not in {".", "!", "?", "…"} or not tail or not tail[0][1:].islower() or not text[opener].isupper():
        return False
    word = _NEXT_WORD.match(text, opener)
    if opener == end and word and word[0].casefold() in _DOMAINS:
        return False
    return text[opener + 1 : opener + 2].islower() or text[opener + 1 : opener + 2].isspace()


def _is_abbreviation(text: str, begin: int, at: int, opener: int) -> bool:
    """Whether the full stop at `at` belongs to the word before it rather than to the sentence."""
    if _LIST_MARK.fullmatch(text, begin, at):
        return True  # "1. I agree": the marker stays with its sentence
    last = _LAST_WORD.search(text, max(begin, at - _LOOK_BACK), at)
    if not last:
        return False
    word, following = last[0].casefold(), _NEXT_WORD.match(text, opener)
    opens = following is not None and following[0].casefold() in _OPENERS
    if word in _SOMETIMES_LAST or _DOTTED.fullmatch(word):
        return not opens
    if word in _BEFORE_A_NUMBER and (text[opener].isdigit() or text[opener] in "№§"):
        return True
    if word in _BEFORE_A_NAME or word in _NEVER_LAST:
        return True
    is_initial = len(word) == 1 and last[0].isupper()  # "John F. Kennedy"
    return is_initial and not (word == "i" and opens)
