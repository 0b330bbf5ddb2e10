"""Sentences: hard cases in four languages, `|` where one ends and ⏎ for a line break, and what holds for any text."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from retrieval.sentences import sentences, trimmed
from retrieval.types import Span
from tests.folders import PROSE

ENGLISH = """
He left.| She stayed.| They talked.
These bodies documented the crimes.|The activities are yet to come.
It let their spies into Ukraine.|This logic was valid until February 24, 2022, when it ended.
He reported this on Feb. 2 and left.| Nobody saw it.
But when the U.S. sees satellite images, it acts.| Many did.
The U.S. Senate voted.| It passed.
He moved to the U.S.| They stayed at home.
Mrs. Tsikhanouskaya met Mr. Smith and Dr. Jones.| They talked.
John F. Kennedy spoke.| J. R. R. Tolkien wrote.
It was not I.| The other one did it.
Prices rose by 3.5 percent.| Then 2,000 people left.
Really?| Yes!| No?!| Fine.
Wait...| He left.
Wait... he left… and came back…| Now he stays.
He said . . . nothing.| Then he left.
“Stop.”| He left.
"Stop!"| He left.
‘Go.’| She went.
“Why?” she asked.| Nobody knew.
“Stop!” – he cried.| Nobody heard.
He calls it “special.”| Nobody knows why.
1. I agree fully.| It is good.
b. The second point.| It is short.
He left (it was late. Very late) at five.| She stayed.
Some (e.g. Poland, i.e. its president) agreed.| Others did not.
This is settled.[1]| The rest is not.[2][3]| End.
This is settled. [1]| The rest is not.
Open example.com or node.js today.| Then read.
It runs on Node.Js and on Example.Com today.| Nobody knows why.
The meeting is at 5 p.m. Monday.| It is short.
It ended at 5 p.m.| He left.
See Fig. 3, vol. 2, No. 5 and p. 12.| The end is near.
No.| The answer is no.
They sell pens, ink, etc.| The shop is closed.
They work at Acme Inc. Nobody else does.
One.| – Two.| (Three.)
The dates were kept.| 40 people came.
Two lines⏎of one sentence.|⏎And another.
One.\u00a0| Two.\u2028| Three.
🇺🇦 Glory to them.| 😀 Smile.
He wrote [it is late. ] and left.| She stayed.
Are you Dr?| Belarus knows.
“It is Acme Inc.”| Belarus knows it.
It is Acme Inc.[1] Belarus knows it.
He (at last) left.| It was a) short and b) late.
He left.| It was a) short and b) late.
He said (so it was late.| She (at last) stayed.
He said (it was late.| She stayed.
They use ASP.Net and server.USA and file.1a today.
They saw the crimes.|A man came.
The U.S.S.R. Politburo met.| It fell.
It is plan b.| Then it ended.
He works for NATO.| Nobody knew.
I. Kyzym left.| He is well.
... Then he left.| … She stayed.
To be continued
"""
UKRAINIAN = """
Посол поїхав у м. Київ.| Він повернувся.
Це сталося 5 січ. 2022 р. у Мінську.| Потім усе скінчилося.
Проф. Іваненко та акад. Петренко приїхали.| Їх чекали.
Зустріч була на вул. Хрещатик, буд. 5.| Потім усі пішли.
В. Зеленський і Д. І. Кулеба зустрілися.| Вони говорили.
Приїхали Польща, Литва та ін.| Вони погодилися.
Це т.зв. Республіка.| Її не визнали.
Виділили 5 млн. Гривень не бракувало.
«Стій!» — крикнув він.| Вона зупинилася.
«Іди.»| Вона пішла.
„Стій.“| Він пішов.
Злочини задокументовано.|Потім усе стихло.
Він мовчав… але пішов.| Вона мовчала…| Тиша.
Хто?| Де?| Коли?!
Див. рис. 3 і ст. № 5 Закону.| Далі.
Див. рис. 3 і п. 5 ст. 10 Закону.| Далі йде інше.
За 1991–2020 рр. Україна зросла.| Це факт.
Її звати Ґанна.| Ґудзик загубився.
"""
RUSSIAN = """
Он живёт в г. Минске на ул. Ленина.| Там тихо.
Он живёт на ул. Ленина, д. 5.| Там тихо.
В 2020 г. Лукашенко остался.| Это факт.
А. С. Пушкин родился в Москве.| Он поэт.
Пришли Иванов, Петров и др.| Они молчали.
Это т.н. Союз.| Его нет.
Зашёл г-н. Иванов.| Он молчал.
«Стой!» — крикнул он.| Она встала.
Он ушёл… и вернулся.| Она осталась…| Тишина.
Преступления раскрыты.|Следствие окончено.
Сколько?| Пять.
Ёлка стоит.| Ёж спит.
"""
BELARUSIAN = """
Ён жыве ў г. Мінску на вул. Леніна.| Там ціха.
Гэта было 5 студз. 2022 г. у Мінску.| Потым усё скончылася.
С. Ціханоўская прыехала.| Яна гаварыла.
Прыехаў праф. Іваноў.| Яго чакалі.
«Стой!» — крыкнуў ён.| Яна стала.
Ці ведаеш?| Так!
Злачынствы задакументаваныя.|Потым усё сціхла.
Іван маўчаў… але пайшоў.| Ўсе маўчалі…| Ціха.
"""
CASES = [case for table in (ENGLISH, UKRAINIAN, RUSSIAN, BELARUSIAN) for case in table.strip().split("\n")]

#: Any text, with more of what ends sentences and of what may stand around an end.
TEXTS = PROSE | st.text(st.sampled_from(" \n\t\0\xa0.!?…”“«»\"'()[]1-–—:UaBСяЇ") | st.characters(), max_size=80)


def cut(text: str) -> list[str]:
    return [text[span.start : span.end] for span in sentences(text)]


@pytest.mark.parametrize("case", CASES)
def test_sentences_end_where_a_reader_ends_them(case: str) -> None:
    text = case.replace("⏎", "\n")

    assert cut(text.replace("|", "")) == [sentence.strip() for sentence in text.split("|")]


@settings(deadline=None)
@given(TEXTS, st.integers(0, 40), st.integers(0, 40))
def test_only_blanks_lie_outside_the_sentences_of_a_stretch(text: str, before: int, behind: int) -> None:
    start, end = min(before, len(text)), max(min(before, len(text)), len(text) - behind)
    spans = sentences(text, start, end)
    edges = [start, *(edge for span in spans for edge in (span.start, span.end)), end]

    assert edges == sorted(edges)
    assert all(span.start < span.end and span == trimmed(text, span.start, span.end) for span in spans)
    for gap in range(0, len(edges), 2):
        assert trimmed(text, edges[gap], edges[gap + 1]) == Span(edges[gap + 1], edges[gap + 1])


@settings(deadline=None)
@given(TEXTS, TEXTS, TEXTS)
@example("crim", "es.The end", "")
@example("", "from the U.S. T", "hey left")
def test_the_sentences_of_a_stretch_do_not_depend_on_what_stands_around_it(before: str, text: str, behind: str) -> None:
    whole, start = before + text + behind, len(before)

    assert sentences(whole, start, start + len(text)) == [
        Span(start + span.start, start + span.end) for span in sentences(text)
    ]


def test_a_text_of_blanks_holds_no_sentence() -> None:
    assert cut("") == cut(" \n\0\u200b\u2029 ") == []


def test_a_long_text_without_blanks_or_full_of_stops_is_cut_in_no_time() -> None:
    assert len(cut("x" * 200_000 + ". Y")) == 2
    assert len(cut("He left. " * 20_000)) == 20_000
    assert cut("." * 200_000) == ["." * 200_000]


@pytest.mark.parametrize(
    ("text", "inner"),
    [(" a b\n", "a b"), ("\0\u200b\ufeffa\u202e", "a"), ("a", "a"), ("\u200d", "\u200d"), (" \t", ""), ("", "")],
)
def test_blanks_and_control_characters_are_trimmed_and_nothing_else(text: str, inner: str) -> None:
    span = trimmed(text, 0, len(text))

    assert text[span.start : span.end] == inner
