"""What cannot be missing in a quote that answers."""

import pytest

from retrieval.types import Verdict
from tests.folders import ask


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How many opponents did the king imprison after the vote?", Verdict.ANSWERED),
        ("How many adversaries did the king imprison after the vote?", Verdict.ANSWERED),  # a related word
        # opponents are people
        ("How many people opposed to him did the king imprison after the vote?", Verdict.ANSWERED),
        ("Скільки опонентів ув’язнив король після голосування?", Verdict.ANSWERED),
        ("How many votes did the king get after he imprisoned opponents?", Verdict.RELATED),
        ("How many palaces did the king imprison opponents in after the vote?", Verdict.RELATED),
        ("How much did the king imprison opponents after the vote?", Verdict.ANSWERED),  # nothing is counted
        ("What percentage of his opponents did the king imprison after the vote?", Verdict.RELATED),
        ("What is the name of the king who imprisoned opponents after the vote?", Verdict.RELATED),
    ],
)
def test_a_number_counts_what_was_asked_for(question: str, expected: Verdict) -> None:
    page = "After the vote the king imprisoned close to 2,000 political opponents of his, it is said in the palace."

    assert ask(question, {"a.txt": page}).verdict is expected


def test_a_date_may_stand_in_the_words_before_a_quote() -> None:
    page = "Kyzym wrote on June 2, in the evening:\n\n“I was appointed ambassador in Minsk.”"
    undated = "Kyzym wrote in the evening:\n\n“I was appointed ambassador in Minsk.”"
    question = "When did Kyzym write that he was appointed ambassador in Minsk?"

    assert ask(question, {"a.txt": page}).verdict is Verdict.ANSWERED
    assert ask(question, {"a.txt": undated}).verdict is Verdict.RELATED
