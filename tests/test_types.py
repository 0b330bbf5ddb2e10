"""The values that travel from a folder to an answer."""

from retrieval.types import Answer, Verdict, unwatched
from tests.folders import document, read

TEXT = "The title line\n\nA paragraph below it.\n"


def test_the_title_of_a_document_is_the_stated_one_else_its_title_line() -> None:
    stated = '[[document]]\nfile = "a.txt"\ntitle = "As stated"\n'

    assert document(TEXT).title == "The title line"
    assert read({"a.txt": TEXT}, stated).documents[0].title == "As stated"
    assert document("A paragraph without a title.").title is None


def test_a_title_of_two_lines_is_shown_on_one() -> None:
    assert document("The title of\nthis page\n===\n\nText.", "a.md").title == "The title of this page"


def test_two_answers_that_differ_in_time_alone_are_the_same() -> None:
    quick, slow = (Answer("q", Verdict.NOTHING, 0.0, {}, (), (), search_ms=ms) for ms in (0.5, 7.0))

    assert quick == slow


def test_without_an_onlooker_the_items_go_by_as_they_are() -> None:
    assert list(unwatched([3, 1, 2], "Counting")) == [3, 1, 2]
