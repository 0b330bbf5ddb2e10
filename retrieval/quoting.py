"""Which sentences of the ranked passages are quoted.

A run of sentences is scored by the share of the question's weight that it shows, by the rank of its passage and by
whether it offers what was asked for, beside its own merit. The best three that neither overlap nor repeat each
other are the citations.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from typing import TYPE_CHECKING, NamedTuple

from retrieval.runs import MAX_CHARACTERS, QUOTATION_MARKS, Run
from retrieval.sentences import trimmed
from retrieval.types import Citation, Kind, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from retrieval.query import Query
    from retrieval.reranking import Ranked
    from retrieval.types import Passage

MAX_QUOTES = 3

# How much each property of a run counts, in shares of the question's weight. Measured on public questions: what it
# shows and its passage's rank carry the choice, the rest decides between near equals.
_RANK = 1.0
_AROUND = 0.2
_PAIRS = 0.2
_SPOKEN = 0.3  # in the words of whom is asked for
_COMMENT = 0.5  # where readers are asked
#: A paragraph below a colon is asked for by the share of the question that stands right before the colon.
_ASKED_BY_ANNOUNCEMENT = 0.5
#: A further quote shows at least this share of what the first one shows.
_WORTH_SHOWING = 0.5
#: Quotes that share this much of their terms say the same.
_SAME = 0.8

_WORD = re.compile(r"[^\s\0-\x1f]+")
_WORDS_BEFORE = 5  # shown before the first hit of a cut quote


@dataclass(frozen=True, slots=True)
class Weighed:
    """A run with what it is worth for one question, by name."""

    run: Run
    parts: Mapping[str, float]

    @property
    def share(self) -> float:
        """The share of the question's weight that it shows."""
        return self.parts["share"]

    @property
    def score(self) -> float:
        """All parts together."""
        return sum(self.parts.values())

    @property
    def order(self) -> tuple[float, int, str, int]:
        """Best first; then the shorter run, then the earlier one."""
        span = self.run.span
        return -round(self.score, 9), span.end - span.start, self.run.passage.document.file, span.start


class _Outlook(NamedTuple):
    """How far the runs of a passage can come for one question."""

    order: tuple[float]  # none of them comes before it
    share: float  # none of them shows more of the question's weight
    rank: float  # the passage's score as a share of the best one's
    ranked: Ranked


def choose(ranked: Sequence[Ranked], query: Query, limit: int = MAX_QUOTES) -> list[Weighed]:
    """The runs to quote, best first, none overlapping or repeating another; `limit` at most."""
    chosen: list[Weighed] = []
    for run in _best_first(ranked, query):
        is_worth_it = not chosen or run.share >= _WORTH_SHOWING * chosen[0].share
        if is_worth_it and not any(_repeats(run.run, other.run) for other in chosen):
            chosen.append(run)
        if len(chosen) == limit:
            break
    return _led(chosen, ranked, query)[:limit]


def _led(chosen: list[Weighed], ranked: Sequence[Ranked], query: Query) -> list[Weighed]:
    """The runs, behind the sentence that leads in to the first one where it alone offers what cannot be missing.

    "She wrote on Feb 3:" says when, what she wrote does not. It is worth what it leads in to, and says that too.
    """
    first, kind = (chosen[0].run if chosen else None), query.asked
    if first is None or first.lead_in is None or kind is None or not kind.is_needed:
        return chosen
    document, lead_in = first.passage.document, first.lead_in
    if document.text[first.passage.block.start] not in QUOTATION_MARKS:
        return chosen
    if kind.is_offered(document.text, first.span.start, first.span.end) or not kind.is_offered(lead_in.quote):
        return chosen
    leading = [
        Weighed(replace(run, shown=first.shown, seen=first.seen, around=first.around | run.around), chosen[0].parts)
        for hit in ranked
        for run in hit.passage.runs
        if run.passage.document is document and (run.span.start, run.span.end) == (lead_in.start, lead_in.end)
    ]
    return [*leading, *(other for other in chosen if not any(_repeats(other.run, run.run) for run in leading))]


def _best_first(ranked: Sequence[Ranked], query: Query) -> Iterator[Weighed]:
    """The runs, best first, without those of passages that cannot show enough of the question beside the best one.

    The runs of a passage are weighed when one of them may be the next: of those of the seeds one in four.
    """
    outlooks = [_outlook(hit, _rank(hit, ranked, query), query) for hit in ranked]
    least = 0.0
    waiting: list[tuple[tuple[float, int, str, int], int, Weighed]] = []
    for number, outlook in sorted(enumerate(outlooks), key=lambda numbered: numbered[1].order):
        while waiting and waiting[0][0] < outlook.order:
            *_, run = heappop(waiting)
            least = least or _WORTH_SHOWING * run.share
            yield run
        if outlook.share >= least:
            for run in _weighed(outlook.ranked, outlook.rank, query):
                heappush(waiting, (run.order, number, run))
    while waiting:
        yield heappop(waiting)[-1]


def _outlook(hit: Ranked, rank: float, query: Query) -> _Outlook:
    share = query.share(hit.passage.reach)
    pairs = _PAIRS if hit.parts["pairs"] else 0.0
    # Added in the order in which those of a run are, so that the last bits agree.
    best = sum((share, _RANK * rank, _AROUND * share, pairs, _asked(query), hit.passage.merit, _wanted(hit, query)))
    return _Outlook((-round(best, 9),), share, rank, hit)


def _asked(query: Query) -> float:
    """What it is worth at most that a run offers what is asked for, or is in the words of whom is asked for."""
    return query.asked.worth if query.asked else _SPOKEN if query.speaker else 0.0


def _wanted(hit: Ranked, query: Query) -> float:
    """What it is worth that a comment is quoted where the word of readers is wanted."""
    return _COMMENT if query.is_of_readers and hit.passage.passage.block.kind is Kind.COMMENT else 0.0


def _rank(hit: Ranked, ranked: Sequence[Ranked], query: Query) -> float:
    """The score of a passage as a share of the best one's; one that answers for what stands above it has that one's.

    "What did she write on her site" is answered below "she, who fled in May, wrote on her site:", "when did she flee"
    is not. "Why did she flee" is answered below "She fled.", in "The reason was".
    """
    above = [other.score for other in ranked if _announces(other, hit)] if _is_announced(hit, query) else []
    if _answers_above(hit, query):
        above += [other.score for other in ranked if _stands_above(other.passage.passage, hit.passage.passage)]
    return max(hit.score, *above, 0.0) / ranked[0].score


def _answers_above(hit: Ranked, query: Query) -> bool:
    own = hit.passage.passage
    return query.asked is not None and query.asked.answers_above(own.document.text, own.start)


def _stands_above(other: Passage, own: Passage) -> bool:
    text = own.document.text
    return other.document is own.document and other.end <= own.start and not text[other.end : own.start].strip()


def _is_announced(hit: Ranked, query: Query) -> bool:
    first = hit.passage.runs[0]
    if not first.announced:
        return False
    return query.share(first.announced) >= _ASKED_BY_ANNOUNCEMENT or _in_their_words(first, query) > 0


def _announces(other: Ranked, hit: Ranked) -> bool:
    one, own, lead_in = other.passage.passage, hit.passage.passage, hit.passage.runs[0].lead_in
    return lead_in is not None and one.document is own.document and one.start <= lead_in.start < one.end


def _weighed(ranked: Ranked, rank: float, query: Query) -> Iterator[Weighed]:
    """The runs of a passage; `rank` is its score as a share of the best one's."""
    neighbours = ranked.passage.neighbours(query.pairs)
    offering = ranked.passage.offering(query.asked) if query.asked else frozenset[int]()
    answers_above = _answers_above(ranked, query)
    is_about = answers_above or _is_announced(ranked, query) or not query.terms.isdisjoint(ranked.passage.heading)
    asked, wanted = _asked(query), _wanted(ranked, query)
    for each in ranked.passage.runs:
        is_answer = answers_above and not each.first
        run = replace(each, shown=each.around, seen=each.seen | each.around) if is_answer else each
        if is_about or not query.terms.isdisjoint(run.terms):
            parts = {
                "share": query.share(run.shown),
                "rank": _RANK * rank,
                "around": _AROUND * query.share(run.around),
                "pairs": _pairs(run, neighbours, query) if neighbours else 0.0,
                "asked": asked * (1.0 if is_answer else _offers(run, offering, query)) + _in_their_words(run, query),
                "merit": run.merit,
                "wanted": wanted,
            }
            yield Weighed(run, parts)


def _in_their_words(run: Run, query: Query) -> float:
    """What it is worth that a run is in the words of whom the question asks for."""
    return _SPOKEN if query.speaker and not query.speaker.isdisjoint(run.introduced) else 0.0


def _pairs(run: Run, neighbours: Sequence[tuple[int, tuple[str, str]]], query: Query) -> float:
    """What the run is worth for the neighbouring words of the question that are neighbours there."""
    places = range(run.first, run.first + len(run.terms) - 1)
    shown = {pair for at, pair in neighbours if at in places}
    weight = sum(weight for pair, weight in query.pairs.items() if pair in shown)
    return _PAIRS * weight / sum(query.pairs.values())


def _offers(run: Run, offering: frozenset[int], query: Query) -> float:
    """Whether the run offers what is asked for: wholly in a sentence that holds a word of it, else in part."""
    found = [sentence.counts.keys() for sentence in run.sentences if sentence.span.start in offering]
    if not found:
        return 0.0
    return 0.3 if all(terms.isdisjoint(query.terms) for terms in found) else 1.0


def _repeats(run: Run, other: Run) -> bool:
    """Whether it shows the same words as the other, or nearly so."""
    is_same_file = run.passage.document is other.passage.document
    if is_same_file and run.span.start < other.span.end and other.span.start < run.span.end:
        return True
    own, others = set(run.terms), set(other.terms)
    return run.denials == other.denials and len(own & others) >= _SAME * len(own | others)


def cite(weighed: Weighed, query: Query) -> Citation:
    """The citation of a run, its words of the question marked."""
    run = weighed.run
    document, block = run.passage.document, run.passage.block
    hits = [token for token in run.tokens if token.term in query.meant]
    shown = _within_limit(document.text, run.span, [Span(token.start, token.end) for token in hits])
    return Citation.of(
        document,
        block,
        shown,
        score=round(weighed.score, 4),
        highlights=tuple((hit.start, hit.end) for hit in hits if shown.start <= hit.start and hit.end <= shown.end),
        is_cut=shown != run.span,
        lead_in=run.lead_in,
    )


def _within_limit(text: str, span: Span, hits: Sequence[Span]) -> Span:
    """The span, or of a sentence longer than a quote may be the stretch of whole words that holds most hits."""
    if span.end - span.start <= MAX_CHARACTERS:
        return span
    words = [Span(match.start(), match.end()) for match in _WORD.finditer(text, span.start, span.end)]
    found = max(_stretches(words, hits), key=lambda stretch: (stretch[0], -stretch[1].start))
    return trimmed(text, found[1].start, found[1].end)


def _stretches(words: Sequence[Span], hits: Sequence[Span]) -> Iterator[tuple[int, Span]]:
    """Stretches that begin with the sentence or a little before a hit, with the number of hits in each."""
    starts, ends = [word.start for word in words], [word.end for word in words]
    hit_starts, hit_ends = [hit.start for hit in hits], [hit.end for hit in hits]
    for begin in dict.fromkeys([0, *(_before(hit, words, starts) for hit in hits)]):
        start = words[begin].start
        # As many whole words as fit; a single word may be longer still.
        last = max(begin, bisect_right(ends, start + MAX_CHARACTERS) - 1)
        end = min(words[last].end, start + MAX_CHARACTERS)
        yield max(0, bisect_right(hit_ends, end) - bisect_left(hit_starts, start)), Span(start, end)


def _before(hit: Span, words: Sequence[Span], starts: Sequence[int]) -> int:
    """The word a little before a hit with which a stretch that shows the hit may begin."""
    own = max(0, bisect_right(starts, hit.start) - 1)
    near = range(max(0, own - _WORDS_BEFORE), own + 1)
    return next((at for at in near if hit.end - words[at].start <= MAX_CHARACTERS // 2), own)
