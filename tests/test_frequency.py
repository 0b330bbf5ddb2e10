"""How much a word tells about a subject."""

import pytest

from retrieval.analysis import terms
from retrieval.frequency import LEAST, specificity


@pytest.mark.parametrize(
    ("telling", "common"),
    [
        ("exile", "president"),
        ("president", "world"),
        ("world", "new"),
        ("Kyzym", "ambassador"),
        ("посол", "people"),
        ("meet", "against"),
    ],
)
def test_a_rare_word_tells_more_than_a_common_one(telling: str, common: str) -> None:
    assert specificity(*terms(telling)) > specificity(*terms(common))


def test_it_lies_between_a_little_and_one() -> None:
    assert specificity("new") == specificity("use") == specificity("meanwhil") == LEAST == 0.15
    assert specificity("kyzym") == 1.0
