"""What kind of answer a question asks for, and whether a sentence offers one: a row a kind.

It decides between sentences of about the same words: for "who appointed Kyzym" the one that says by whom. And what
asks for a number or a date is not answered without one, however many of its words stand together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from retrieval.analysis import terms
from retrieval.languages import SLIPS, SPEECH
from retrieval.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_NAME = r"(?:the\s+)?[A-ZА-ЯІЇЄҐЁЎ]\w"
#: What also stands before a comma with a capital: "Therefore, the majority", "Oddly, a few", "Belarusians, who are".
_NO_NAME = (
    r"(?:After|Afterwards|Also|Besides|Even|First|Furthermore|Hence|Here|However|Indeed|Instead|Later|Meanwhile|More"
    r"|Moreover|Nevertheless|Nonetheless|Now|Otherwise|Overall|Second|Still|Then|There|Therefore|Third|Thus|Today"
    r"|Yesterday|\w{2,}(?:al|ar|at|d|ent|ing|ous|ow|te|ve)ly|\w+(?:ans|ers|ors|ists|ies))\b"
)
#: What ends like an office before a name and is none: "after Minsk", "different Ukraine".
_NO_OFFICE = (
    r"(?:after|differ|e?ither|enter|ever|for|former|further|her|however|later|latter|neither|never|nor|or|other|over"
    r"|rather|remember|together|under|when?ever|whether)\b|\w+(?:ag|ur|[cdrst])ent\b"
)
#: Offices in Ukrainian, Russian and Belarusian, by their beginnings.
_OFFICE = (
    r"(?i:лідер|лидер|посол|посла|послу|послом|пасол|пасла|паслу|паслом|міністр|министр|президент|прэзідэнт|глава|главы"
    r"|главу|главой|голова|голови|голову|галава|галавы|керівни|руководител|кіраўні|директор|дырэктар|секретар|сакратар"
    r"|представни|представител|прадстаўні|дипломат|дыпламат|король|короля|кароль|караля|губернатор|депутат|дэпутат|мер\b"
    r"|мера\b|мэр|прем[’'ʼ]єр|премьер|прэм[’'ʼ]ер|адвокат|врач|інженер|інжынер|инженер|лікар|певец|певиц|письменни|писател"
    r"|пісьменні|профес|прафес|режис|рэжыс|співа|спява|суддя|суддзя|судья|тренер|трэнер|урач|худож)\w*"
)
_ENGLISH_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)\b"
)
_MONTH = (
    rf"\b(?:{_ENGLISH_MONTH}"
    r"|(?:січ|лют|берез|квіт|трав|черв|лип|серп|вересн|жовт|листопад|груд)[няеій]\w*"
    r"|(?:январ|феврал|март|апрел|ма[яй]|июн|июл|август|сентябр|октябр|ноябр|декабр)[яьеау]?"
    r"|(?:студзен|сакавік|красавік|чэрвен|ліпен|жнів|верасн|кастрычнік|лістапад|снежн)\w*)\b\.?"
)
_YEAR = r"\b(?:1\d|20)\d\ds?\b"
_WEEKDAY = r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b"
_UNIT = r"(?:years?|months?|weeks?|days?|hours?|decades?)"
#: What is a number, and stays a word to look for: "what is the population of".
_QUANTITY = (
    r"(?:\s+(?:is|are|was|were))?(?:\s+the)?(?:\s+(?:total|current))?"
    r"\s+(?:population|price|cost|area|height|length|distance|temperature|salary|gdp)s?\b"
    r"(?!\s+(?:decline|fall|growth|increase|polic|rise))"
    r"|\s+(?:населен|насельн|цін|цен|цан|площ|плошч|висот|высот|вышын|довжин|длин|даўжын|зарплат|температур|ввп)\w*"
)


def _typed(word: str) -> str:
    """A question word, also as it is mistyped."""
    return "|".join([word, *SLIPS[word].split()])


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE | re.VERBOSE)


@dataclass(frozen=True, slots=True, eq=False)  # a row is equal to itself alone, so it is quickly looked up
class AnswerType:
    """How a kind of question begins, and what its answers look like.

    Args:
        question: the words that ask for it.
        answer: what is in a text that offers it; None if anything may be.
        lookalike: what looks like it and is none: a year is no number of things.
        is_needed: whether a text without it is no answer, as where a date is asked for; a reason needs no "because".
        is_needed_of_names: the same where nothing but a name is asked about: "where is Minsk".
        is_needed_beside_names: the same, and it is said of just that name: "who is Kyzym".
        is_somebody: whether it is a person or a body, whom a quote must name, or mean by "he".
        worth: how much it counts for a quote to offer it, in shares of the question's weight. A date most: with .4 for
            it 2 of 1,440 public questions more find the answer first, and 7 of 655 about the seeds fewer.
        asking: terms that only say what is asked for, unless the documents have them too.
        opening: how a paragraph begins that answers for what is said right above it: "The reason was".
    """

    question: re.Pattern[str]
    answer: re.Pattern[str] | None
    lookalike: re.Pattern[str] | None = None
    is_needed: bool = False
    is_needed_of_names: bool = False
    is_needed_beside_names: bool = False
    is_somebody: bool = False
    worth: float = 0.3
    opening: re.Pattern[str] | None = None
    asking: frozenset[str] = frozenset()

    def is_offered(self, text: str, start: int = 0, end: int | None = None) -> bool:
        """Whether `text[start:end]` offers such an answer."""
        return any(True for _ in self.offers(text, start, end))

    def offers(self, text: str, start: int = 0, end: int | None = None) -> Iterator[Span]:
        """Where `text[start:end]` offers such an answer."""
        if self.answer is None:
            return
        part = text[start:end]
        if self.lookalike:
            part = self.lookalike.sub(lambda match: " " * len(match[0]), part)
        for match in self.answer.finditer(part):
            yield Span(start + match.start(), start + match.end())

    def answers_above(self, text: str, start: int) -> bool:
        """Whether the paragraph that begins there answers for what is said right above it."""
        return self.opening is not None and self.opening.match(text, start) is not None


_BY = re.compile(rf"\b(?:[Bb]y|[Dd]ecision\s+(?:of|by))\s+{_NAME}")
_PERCENT = r"per\s?cent(?:age)?|%|відсот\w*|процент\w*|працэнт\w*"
#: Six words with capitals in a row, figures and short words aside: in a headline a capital names nothing.
_HEADLINE = r"(?<![\w’'-])(?:[A-ZА-ЯІЇЄҐЁЎ][\w’'-]*+\W+(?:(?:[a-zа-яіїєґёў]{1,4}|\d+)\W+)*+){5,}[A-ZА-ЯІЇЄҐЁЎ]"
_WHAT = _pattern(rf"\b(?:{_typed('what')}|how|що|что|што|як|как)\b")
_SPEECH = re.compile(SPEECH)
_COUNTING = _pattern(r"\b(?:how\s+many|скільки|сколько|колькі)\s+(?=\w)")

ANSWER_TYPES = (
    AnswerType(
        _pattern(r"\b(?:how\s+old|(?:at\s+)?what\s+age|скільки\s+років|сколько\s+лет|колькі\s+гадоў)\b"),
        _pattern(
            r"\b\d{1,3}[\s-]+years?\b|\b(?:aged?|born|birthday|old)\b|\b\d{1,3}[\s-]*(?:річн|летн|гадов)"
            r"|\b(?:вік|народи|родил|нарадзі)|\b\d{1,3}\s+(?:рок|лет|гад)"
        ),
        is_needed=True,
        worth=0.4,
    ),
    AnswerType(
        _pattern(rf"\b(?:what|which|how\s+(?:many|much)|як\w*|как\w*|скільки|сколько|колькі)\s+(?:{_PERCENT})"),
        _pattern(
            rf"{_PERCENT}|\b(?:half|thirds?|quarters?|majority|minority|most|none|one\s+in\s+\w+)\b"
            r"|половин|третин|треть|трэц|чверт|четверт|чвэрц|більшіст|большинств|большасц"
        ),
        is_needed=True,
        worth=0.4,
    ),
    AnswerType(
        _pattern(
            r"\b(?:how\s+(?:many|much|long|far|big|large|often)|(?:what|which)\s+(?:number|share)"
            rf"|скільки|сколько|колькі|(?:what|what’s|what's|як(?:а|е|ая|ое)|как(?:ая|ое))(?={_QUANTITY}))\b"
        ),
        _pattern(
            r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|sixty"
            r"|seventy|eighty|ninety|dozens?|hundreds?|thousands?|[mb]illions?|half|third|quarters?|several|few|most"
            r"|majority|none|both|single|twice|every|annual(?:ly)?|centur(?:y|ies)|(?:for|in|within)\s+"
            + _UNIT
            + r")\b"
            r"|\b(?:(?:дв(?:а|і|е|оє|ое|ох|ух|ум|умя|ома)|тр(?:и|ы|оє|ое|ьох|ех|ёх|ох)|сто|шість|шесть|шэсць|пять|сім|семь|сем)\b"
            r"|\w{4,}(?:еро|ёра)\b|дв(?:адц|ацц)|тридц|трыцц|чотир|четыр|чатыр|п[’'ʼ]ят|пятн|вісім|восем|девят|дев[’'ʼ]ят"
            r"|дзевя|десят|дзесяц|сотн|соцень|тисяч|тысяч|мільйон|миллион|мільён|кілька|несколько|некалькі|половин"
            r"|більшіст|большинств|большасц)"
        ),
        lookalike=re.compile(rf"{_MONTH}\s+\d\d?\b|\b\d\d?\s+{_MONTH}|{_YEAR}|\d\s?%|\d\sper\s?cent"),
        is_needed=True,
        worth=0.4,
    ),
    AnswerType(
        _pattern(
            rf"\b(?:{_typed('when')}|(?:what|which)\s+(?:year|date|day|month|century|time)|коли|когда|калі"
            r"|(?:якого|якому|каком|какого|якім)\s+(?:року|році|году|года|годзе))\b"
        ),
        re.compile(
            rf"{_YEAR}|\b[5-9]\d\d\b|{_MONTH}|{_WEEKDAY}|\b(?:[Cc]entur(?:y|ies)|[Dd]ecades?|[Tt]oday|[Yy]esterday"
            rf"|[Tt]omorrow|[Ss]pring|[Ss]ummer|[Aa]utumn|[Ww]inter|[Aa]fter|[Bb]efore|[Dd]uring|[Uu]ntil|{_UNIT}\s+"
            rf"(?:ago|later|earlier)|(?:[Ll]ast|[Nn]ext)\s+{_UNIT})\b"
            r"|\b\d\d?[:.]\d\d\b|\b\d\d?\s?[ap]\.?m\b|\b(?:noon|midnight)\b"
            r"|\b(?:рок[уи]|році|год[ау]?|годзе|сьогодні|сегодня|сёння|вчора|вчера|учора|торік|летась|серед[уи]|після|после"
            r"|пасля|під\s+час|во\s+время|падчас)\b|\b(?:століт|столет|стагоддз|понеділ|вівтор|четвер|п[’'ʼ]ятниц|субот"
            r"|неділ|понедельник|вторник|четверг|пятниц|суббот|воскресень|панядзел|аўтор|чацвер|пятніц|нядзел)"
        ),
        is_needed=True,
        worth=0.8,
    ),
    AnswerType(
        _pattern(
            r"\b(?:(?:what|which)(?=(?:\s+(?:is|was|are|were)|[’']s)?\s+(?:(?:the|her|his|its|their)\s+)?"
            r"(?:(?:full|official|real)\s+)?names?\b)"
            r"|(?:what|how)(?:\s+(?:is|was|are|were)|[’']s)(?=\s[^?]{1,99}\b(?:called|named)\b)"
            r"|як(?=\s+(?:назива|звет|звут|зват|звал))|как(?=\s+(?:назыв|зовут|звали))"
            r"|як(?=\s+(?:назыв|завуц|звал|завец)))\b"
        ),
        re.compile(
            r"[\w,;–—-]\s+(?:[A-ZА-ЯІЇЄҐЁЎ]\w|[“«„\"])|^[“«„\"]|\b(?:called|known\s+as|named|назива\w+|называ\w+|зовут"
            r"|звати|завуць|завецца)\s+\w"
        ),
        lookalike=re.compile(_HEADLINE),
        is_needed=True,
        worth=0.4,
        asking=frozenset(terms("name call")),
    ),
    AnswerType(
        _pattern(r"\b(?:who\s+(?:is|was|are|were)\s+(?!(?:the|an?)\b)|(?:хто|кто)\s+так\w+)"),
        re.compile(
            rf"\b(?!{_NO_NAME})[A-ZА-ЯІЇЄҐЁЎ]\w+,\s+(?:(?:the|an?|who|former|responsible|\d\d)\b|[a-z]+\s+of\b"
            r"|[A-Z]\w+[’']s\s+[a-z])"
            r"|\b[A-ZА-ЯІЇЄҐЁЎ]\w+(?:\s+(?:is|was|are|were|became)|\s+[–—]|:|\s+(?:serv|work)\w+\s+as)\s+(?:the|an?|one)\b"
            r"|\b(?:consider|describ|knew|know|regard|saw|see)\w*\s+(?:[A-Z]\w+\s+){1,3}as\s+[“\"«]?(?:the|an?)\b"
            r"|\w[’']s\s+\w+,\s+[A-Z]\w+\s+[A-Z]"
            r"|\b[A-Z]\w+\s+\([^()]{0,40}\d{4}[^()]{0,40}\)\s+(?:is|was)\b"
            r"|\b[A-Z]\w+\s+(?:is|was|has\s+been)\s+(?:re-?)?(?:appoint|cho[os]|crown|elect|nam|nominat)\w*\b"
            r"|\b[А-ЯІЇЄҐЁЎ]\w+\s+(?:\w+\s+)?(?:призначен|обран|назначен|избран|прызначан|абран)"
            r"|\b(?:FM|Gen|Gov|MEP|MP|MSP|PM|Prof|Rep|Sen)\.?\s+[A-Z]"
            rf"|\b(?!{_NO_OFFICE})[a-z]+(?:ent|ian|ist|man|[eo]r)\s+[A-Z]"
            r"|\b(?:[Ll]eader|[Aa]mbassador|[Mm]inister|[Pp]resident|[Rr]epresentative|[Dd]irector|[Hh]ead|[Cc]hief"
            r"|[Ss]ecretary|[Gg]eneral|[Kk]ing|[Qq]ueen|[Pp]rince(?:ss)?|[Dd]uke|[Pp]ope|[Bb]ishop|[Rr]uler|[Dd]ictator"
            r"|[Mm]ayor|[Gg]overnor|[Ss]enator|[Pp]rofessor|[Dd]octor|CEO|[Jj]udge|[Cc]oach|[Ss]inger|[Aa]ct(?:or|ress))"
            r"(?:\s+(?:is|was))?(?:\s+(?:of|to|for|in)\s+(?:the\s+)?(?:\w+\s+){0,3}?\w+){0,2},?\s+[A-ZА-ЯІЇЄҐЁЎ]"
            rf"|\b{_OFFICE}(?:\s+\w+){{0,3}}?\s+[А-ЯІЇЄҐЁЎ]|\b[А-ЯІЇЄҐЁЎ]\w+,\s+(?:\w+\s+)?{_OFFICE}"
            r"|\b[А-ЯІЇЄҐЁЎ]\w+\s+[–—-]\s+(?:(?:це|это|гэта)\s+)?[а-яіїєґёў]"
        ),
        is_needed_beside_names=True,
        is_somebody=True,
    ),
    # Whom something was done to is not who did it: "who has been appointed" asks for no "by".
    AnswerType(_pattern(r"\bwho\s+(?:has|have|had)\s+been\b"), None),
    AnswerType(_pattern(rf"\b(?:{_typed('who')}|хто|кто)\b"), _BY, is_somebody=True),
    AnswerType(_pattern(r"\b(?:whom|whose|кому|кого|кім|ким|кем)\b"), _BY),
    AnswerType(
        _pattern(
            rf"\b(?:{_typed('where')}|(?:what|which)\s+(?:city|country|place|town|region)"
            r"|де|где|дзе|куди|куда|куды)\b"
        ),
        re.compile(
            rf"\b(?:in|at|to|from|near|across|into|inside|outside)\s+(?!{_ENGLISH_MONTH}|{_WEEKDAY}){_NAME}"
            r"|\b(?:[ВвУуЎў]|[Пп][оа]д|[Пп]ід|[Бб]іля|[Вв]озле|[Кк]аля)\s+[А-ЯІЇЄҐЁЎ]\w"
        ),
        is_needed_of_names=True,
    ),
    AnswerType(
        _pattern(r"\b(?:why|чому|почему|чаму|навіщо|зачем|навошта)\b"),
        _pattern(
            r"\b(?:because|(?:(?<=[,;]\s)|(?<=^))since|due\s+to|as\s+a\s+result|in\s+order\s+to|so\s+that|therefore"
            r"|reasons?|caused?|тому\s+що|через\s+те|потому\s+что|из-за|таму\s+што|бо|причин\w*|прычын\w*)\b"
        ),
        opening=_pattern(
            r"(?!no\b)(?:[\w’'-]+\s+){0,3}(?:(?:explanation|justification|motive|pretext|rationale|reason)s?"
            r"|(?:chief|key|main|official|only|principal|stated)\s+(?:argument|claim|complaint|excuse|ground|objection)s?)"
            r"(?::|\s+(?:against|are|behind|for|is|was|were|why)\b)|(?:that|this)\s+is\s+why\b"
            r"|(?:all\s+)?(?:this|that|it)\s+(?:is|was)\s+(?:\w+\s+)?(?:because|due\s+to)\b"
            r"|(?:[\w’'ʼ-]+\s+){0,3}(?:причин(?:а|ою|ой|и|ы)|прычын(?:а|ай|ы))(?:\s+\w+)?\s*(?:[–—:-]\s|[ву]\s+т[оы]м|був|была|было)"
            r"|(?:це|это|гэта)\s+(?:\w+\s+)?(?:тому|потому|таму)\b"
        ),
    ),
    # "What did they agree on when they met" asks for no date.
    AnswerType(
        _pattern(
            rf"\b(?:{_typed('what')}|which|how|що|что|што"
            r"|як(?:[аеі]|ий|им|их|ої|ою|ому|ого|ая|ое|ія|ім|іх|ога|ую)?"
            r"|как(?:ой|ая|ое|ие|им|их|ом|ую|ого|ому)?)\b"
        ),
        None,
    ),
)


class QuestionWord(NamedTuple):
    """Words that only say what kind of answer is wanted, where they stand: "how many", "which country"."""

    span: Span
    kind: AnswerType


def question_words(question: str) -> list[QuestionWord]:
    """The question words of a question, in order; of several at one place the one of the first row is the first."""
    found = [
        (match.start(), row, QuestionWord(Span(*match.span()), kind))
        for row, kind in enumerate(ANSWER_TYPES)
        for match in kind.question.finditer(question)
    ]
    return [word for *_, word in sorted(found, key=lambda each: each[:2])]


def asked_by(words: Sequence[QuestionWord]) -> AnswerType | None:
    """The kind of answer that the first question word asks for; None when any sentence will do."""
    kind = words[0].kind if words else None
    return kind if kind and kind.answer else None


def asked(question: str) -> AnswerType | None:
    """The kind of answer that a question asks for; None when any sentence will do."""
    return asked_by(question_words(question))


def counting(question: str, kind: AnswerType | None) -> int | None:
    """Where what is to be counted begins, behind "how many"; None unless that kind is what the question asks for."""
    match = _COUNTING.search(question)
    return match.end() if match and kind is asked(match[0]) else None


def is_of_speech(question: str, kind: AnswerType | None) -> bool:
    """Whether what is asked may be what somebody said: nothing but "what" or "how"."""
    return kind is None and _WHAT.search(question) is not None


def is_speech(word: str) -> bool:
    """Whether a folded word tells that somebody says something."""
    return _SPEECH.fullmatch(word) is not None
