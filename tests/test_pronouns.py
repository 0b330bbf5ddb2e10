"""Whom a paragraph means that says only "she" or "he"."""

import pytest

from retrieval.passages import passages
from retrieval.pronouns import antecedents
from tests.folders import document


def meant(text: str) -> list[str]:
    return [antecedents(passage) for passage in passages(document(text))]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Then Maria Kalesnik left.\n\nIn spring, she came back home.", "Maria Kalesnik"),
        ("Kalesnik left home. Nobody saw Kalesnik again.\n\nIn spring, she came back home.", "Kalesnik"),
        ("Then Maria left home.\n\nThe boats were late.\n\nIn spring, she came back.", "Maria"),
        ("Then came Igor and Maria.\n\nThe latter came back home.", "Maria"),
        ("Then Minsk saw Igor and then Maria Kalesnik come.\n\nThe latter came back home.", "Maria Kalesnik"),
        ("Учора приїхала Марія.\n\nНавесні вона повернулася додому.", "Марія"),
        ("Then Maria left home.\n\nIn spring, they came back home.", ""),
        ("Then Maria left home.\n\nIn spring, Olga said she would come.", ""),
        ("Then nobody left home.\n\nIn spring, she came back home.", ""),
        ("Then Maria left.\n\nThe boats came.\n\nIt was late.\n\nIn spring, she came back.", ""),
        ("In spring, she came back home.", ""),
    ],
)
def test_the_last_paragraph_means_whom_the_one_above_names(text: str, names: str) -> None:
    assert meant(text)[-1] == names


def test_only_the_first_part_of_a_long_paragraph_looks_above_it() -> None:
    found = meant("Then Maria left home.\n\n" + "In spring, she came back home with the boats. " * 60)
    assert found == ["", "Maria", *[""] * (len(found) - 2)]
    assert len(found) > 2
