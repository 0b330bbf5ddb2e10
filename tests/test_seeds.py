"""The two documents that the bot ships with, read as they stand."""

import hashlib
import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from retrieval.folder import Folder, read_folder
from retrieval.sentences import sentences
from retrieval.types import Block, Document, Kind
from tests.folders import SEEDS, read

POST, EXILE = "000_719b66f8acb16e56.txt", "003_23c2d2346bee6326.txt"
DIGESTS = {
    POST: "4e9d45a549d361b64702cf5ad6dd6235da6628a5155e9d1b4bc6bd45165ed802",
    EXILE: "663716c5748bc3606243b03945ff059b1c5ecc43d6602fccc236f820a833453f",
}
DESCRIBED = read_folder(SEEDS)
BARE = read({name: (SEEDS / name).read_bytes() for name in DIGESTS})

either_way = pytest.mark.parametrize("folder", [DESCRIBED, BARE], ids=["with sources.toml", "without"])


def of_kind(document: Document, kind: Kind) -> list[Block]:
    return [block for block in document.blocks if block.kind is kind]


def extents(document: Document, kind: Kind) -> list[tuple[int, int]]:
    return [(block.start, block.end) for block in of_kind(document, kind)]


@pytest.mark.parametrize(("file", "digest"), DIGESTS.items())
def test_a_seed_is_byte_for_byte_the_one_that_sources_toml_describes(file: str, digest: str) -> None:
    described = tomllib.loads((SEEDS / "sources.toml").read_text(encoding="utf-8"))["document"]

    assert hashlib.sha256((SEEDS / file).read_bytes()).hexdigest() == digest
    assert [entry["sha256"] for entry in described if entry["file"] == file] == [digest]


@either_way
def test_the_seeds_are_read_without_a_doubt(folder: Folder) -> None:
    assert [document.file for document in folder.documents] == [POST, EXILE]
    assert (folder.problems, folder.ignored) == ((), ())
    assert [document.warnings for document in folder.documents] == [(), ()]


@either_way
def test_the_text_of_a_seed_is_its_file_to_the_letter(folder: Folder) -> None:
    for document in folder.documents:
        assert document.text.encode() == (SEEDS / document.file).read_bytes()


@either_way
def test_each_line_of_the_seeds_has_its_kind(folder: Folder) -> None:
    post, exile = folder.documents

    assert Counter(block.kind for block in post.blocks) == {Kind.TEXT: 15, Kind.TEASER: 4, Kind.FURNITURE: 2}
    assert Counter(block.kind for block in exile.blocks) == {
        Kind.TITLE: 1,
        Kind.HEADING: 4,
        Kind.TEXT: 31,
        Kind.COMMENT: 24,
        Kind.FURNITURE: 1,
    }


def test_the_shape_of_the_text_and_sources_toml_agree_on_every_block() -> None:
    for described, bare in zip(DESCRIBED.documents, BARE.documents, strict=True):
        assert [(block.kind, block.start, block.end) for block in described.blocks] == [
            (block.kind, block.start, block.end) for block in bare.blocks
        ]


@either_way
def test_title_headings_and_teasers_stand_where_they_were_found_by_hand(folder: Folder) -> None:
    post, exile = folder.documents

    assert extents(exile, Kind.TITLE) == [(0, 71)]
    assert [start for start, _ in extents(exile, Kind.HEADING)] == [694, 1994, 4103, 5535]
    assert extents(post, Kind.TEASER)[0][0] == 1399
    assert extents(post, Kind.TEASER)[-1][1] == 1802
    assert extents(post, Kind.FURNITURE) == [(3930, 3988), (3989, 4043)]
    assert {(734, 1113), (2421, 2685), (2687, 2962), (3774, 3928)} < set(extents(post, Kind.TEXT))


@either_way
def test_a_reader_comment_begins_behind_its_list_mark(folder: Folder) -> None:
    exile = folder.documents[1]
    comments = of_kind(exile, Kind.COMMENT)
    marked = [block for block in comments if re.search(r"(?m)^ +(?:\d\.|•) \Z", exile.text[: block.start])]

    assert [exile.text[block.start :][:14] for block in marked] == [
        "I agree fully.",
        "I am not sure.",
        "You got some g",
        "I agree, of co",
    ]
    assert [comments.index(block) for block in marked] == [0, 1, 11, 13]
    assert (comments[0].start, comments[-1].end) == (6427, 10823)


@either_way
def test_paragraphs_are_numbered_by_kind_and_text_knows_its_heading(folder: Folder) -> None:
    post, exile = folder.documents

    assert [block.paragraph for block in of_kind(post, Kind.TEXT)] == [*range(1, 16)]
    assert [block.paragraph for block in of_kind(post, Kind.TEASER)] == [*range(1, 5)]
    assert [block.paragraph for block in of_kind(exile, Kind.COMMENT)] == [*range(1, 25)]
    assert Counter(block.heading for block in of_kind(exile, Kind.TEXT)) == {
        None: 3,
        "What is the Belarusian government in exile?": 4,
        "Ukraine as Russia": 12,
        "Why is this bad?": 9,
        "How should this happen?": 3,
    }
    assert {block.heading for block in of_kind(exile, Kind.COMMENT)} == {None}


@pytest.mark.parametrize(("file", "count"), [(POST, 31), (EXILE, 109)])
def test_the_lines_of_a_seed_hold_as_many_sentences_as_were_counted_by_hand(file: str, count: int) -> None:
    text = (SEEDS / file).read_text(encoding="utf-8")
    lines = re.finditer(r"[^\n]+", text)

    assert sum(len(sentences(text, line.start(), line.end())) for line in lines) == count


@either_way
def test_the_blocks_of_a_seed_are_cut_into_the_same_sentences_as_its_lines(folder: Folder) -> None:
    counts = [sum(len(sentences(d.text, b.start, b.end)) for b in d.blocks) for d in folder.documents]

    assert counts == [31, 109]


def test_nothing_is_stated_about_a_seed_that_its_file_does_not_tell() -> None:
    post, exile = DESCRIBED.documents

    assert (post.title, post.source.publisher) == (None, "Kyiv Post")
    assert (exile.title, exile.source.publisher) == (exile.text[:71], None)
    assert {(d.source.date, d.source.url, d.source.language) for d in DESCRIBED.documents} == {(None, None, "en")}
    assert all(document.source.comments for document in DESCRIBED.documents)


def test_a_seed_that_was_changed_is_served_under_its_bare_name(tmp_path: Path) -> None:
    for file in SEEDS.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes() + (b"\nMore." if file.name == POST else b""))
    folder = read_folder(tmp_path)

    assert [problem.file for problem in folder.problems] == [POST]
    assert [document.source.publisher for document in folder.documents] == [None, None]
