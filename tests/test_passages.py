"""What is ranked: quotable paragraphs, and of long ones parts that end with a sentence."""

from hypothesis import given, settings

from retrieval.passages import LONGEST_SENTENCE, PASSAGE_SIZE, passages
from retrieval.sentences import sentences
from retrieval.types import QUOTABLE, Kind
from tests.folders import PROSE, document, read

PAGE = "Title here\n\nA text of one sentence. And another one.\n\nComments\n\n  1. I agree fully.\n  2. I do not.\n"


def test_a_paragraph_is_a_passage_of_its_sentences() -> None:
    passage, *_ = passages(document(PAGE))

    assert (passage.start, passage.end) == (12, 52)
    assert [passage.document.text[span.start : span.end] for span in passage.sentences] == [
        "A text of one sentence.",
        "And another one.",
    ]


def test_titles_and_headings_are_no_passages_but_comments_are() -> None:
    kinds = [passage.block.kind for passage in passages(document(PAGE))]

    assert kinds[0] is Kind.TEXT
    assert kinds[-2:] == [Kind.COMMENT, Kind.COMMENT]
    assert Kind.TITLE not in kinds


def test_comments_that_the_operator_leaves_out_are_no_passages() -> None:
    without = read({"a.txt": PAGE}, '[[document]]\nfile = "a.txt"\ncomments = false\n').documents[0]

    assert Kind.COMMENT in {block.kind for block in without.blocks}
    assert next(passages(without)).block.kind is Kind.TEXT
    assert Kind.COMMENT not in {passage.block.kind for passage in passages(without)}


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    text = "This is a sentence of forty characters.. " * 100
    parts = list(passages(document(text)))

    assert len(parts) == 3
    assert all(part.end - part.start <= PASSAGE_SIZE for part in parts)
    assert sum(len(part.sentences) for part in parts) == 100


def test_a_sentence_longer_than_a_passage_is_a_passage_alone() -> None:
    long = "Word " * 400 + "end."
    texts = [f"It is short. {long} It was long.", f"{long} It was long.", long]

    assert [[len(part.sentences) for part in passages(document(text))] for text in texts] == [[1, 1, 1], [1, 1], [1]]


def test_a_document_without_words_has_no_passages() -> None:
    assert list(passages(document(""))) == list(passages(document("\0\n\n\u200b"))) == []


@settings(deadline=None, max_examples=60)
@given(PROSE)
def test_the_passages_hold_every_sentence_of_the_quotable_blocks_once(text: str) -> None:
    source = document(text)
    quotable = [block for block in source.blocks if block.kind in QUOTABLE]
    every = [span for block in quotable for span in sentences(text, block.start, block.end)]

    assert [span for passage in passages(source) for span in passage.sentences] == every
    for passage in passages(source):
        assert passage.block.start <= passage.start < passage.end <= passage.block.end
        assert passage.end - passage.start <= PASSAGE_SIZE or len(passage.sentences) == 1


def test_a_sentence_without_an_end_is_ranked_in_stretches_of_whole_words_longer_than_a_quote() -> None:
    text = "Kyzym met Kuleba near the harbour " * 5_000 + "."
    found = list(passages(document(text)))

    assert [len(passage.sentences) for passage in found] == [1] * 9
    assert all(600 < passage.end - passage.start <= LONGEST_SENTENCE for passage in found)
    assert " ".join(text[passage.start : passage.end] for passage in found) == text


def test_a_word_without_an_end_is_cut_itself() -> None:
    found = list(passages(document("x" * 50_000)))

    assert [passage.end - passage.start for passage in found] == [16_666, 16_666, 16_668]
