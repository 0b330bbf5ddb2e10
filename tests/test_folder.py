"""A folder as it lies on a disk: what is read, what is passed over, and what is named as a problem."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from retrieval.errors import FolderError, RetrievalError, SourcesError
from retrieval.folder import Problem, read_folder
from retrieval.types import Kind, Source
from tests.folders import Onlooker, read, shown, write

TEXT = "A paragraph of one sentence.\n"
PAGE = f"The title\n\n{TEXT}\nAnother one.\n\nComments:\n\n  1. I agree fully.\n"


@contextmanager
def without_rights() -> Iterator[None]:
    """As a user who may read nothing that is forbidden; root may read everything."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65_534)
    try:
        yield
    finally:
        os.seteuid(user)


def test_every_file_with_a_reader_is_read_in_order_of_name(tmp_path: Path) -> None:
    files = dict.fromkeys(["b.txt", "B.TXT", "a/z.txt", "a.md", "я.txt", "a/b/c.Md"], TEXT)
    folder = read_folder(write(tmp_path, files))

    assert [document.file for document in folder.documents] == [
        "B.TXT",
        "a.md",
        "a/b/c.Md",
        "a/z.txt",
        "b.txt",
        "я.txt",
    ]
    assert {document.text for document in folder.documents} == {TEXT}
    assert (folder.problems, folder.ignored) == ((), ())


def test_files_without_a_reader_are_ignored_and_named_as_such() -> None:
    folder = read({"a.txt": TEXT, "b.pdf": "x", "sub/README": "x", "txt": "x", "sub/sources.toml": ""}, sources="")

    assert [document.file for document in folder.documents] == ["a.txt"]
    assert folder.ignored == ("b.pdf", "sub/README", "sub/sources.toml", "txt")


def test_hidden_files_and_folders_are_passed_over() -> None:
    folder = read({"a.txt": TEXT, ".b.txt": TEXT, ".git/c.txt": TEXT, "sub/.d/e.txt": TEXT, ".txt": TEXT})

    assert [document.file for document in folder.documents] == ["a.txt"]
    assert folder.ignored == ()


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("missing", "cannot be read: No such file or directory."),
        ("a.txt", "cannot be read: it is not a folder."),
        ("empty", "holds no .txt or .md file."),
        ("sub", "holds no .txt or .md file."),
        ("loop", "cannot be read: Too many levels of symbolic links."),
        ("nul\0", "cannot be read: embedded null byte."),
    ],
)
def test_a_folder_that_cannot_be_used_is_named_with_the_reason(tmp_path: Path, name: str, reason: str) -> None:
    write(tmp_path, {"a.txt": TEXT, "sub/a.pdf": "x", "sub/.b.txt": TEXT})
    (tmp_path / "empty").mkdir()
    (tmp_path / "loop").symlink_to("loop")

    with pytest.raises(FolderError) as error:
        read_folder(tmp_path / name)

    assert str(error.value) == f"The folder of documents “{tmp_path / name}” {reason}"
    assert isinstance(error.value, RetrievalError)


@pytest.fixture
def half_closed() -> Iterator[Path]:
    """A folder that everybody may read, with a subfolder that nobody may; pytest's own folders are closed."""
    with TemporaryDirectory() as name:
        folder = write(Path(name), {"a.txt": TEXT, "closed/b.txt": TEXT})
        (folder / "closed").chmod(0)
        folder.chmod(0o755)
        yield folder


def test_a_folder_that_may_not_be_listed_is_named_with_the_reason(half_closed: Path) -> None:
    with without_rights(), pytest.raises(FolderError, match="closed” cannot be read: Permission denied"):
        read_folder(half_closed / "closed")


def test_a_subfolder_that_may_not_be_listed_is_a_problem_and_the_others_serve(half_closed: Path) -> None:
    with without_rights():
        folder = read_folder(half_closed)

    assert [document.file for document in folder.documents] == ["a.txt"]
    assert [problem.file for problem in folder.problems] == ["closed"]


def test_a_file_that_cannot_be_read_costs_that_file_alone(tmp_path: Path) -> None:
    write(tmp_path, {"good.txt": TEXT, "binary.txt": bytes(range(256)), "half.txt": b"\xff\xfea", "dir.txt/x.md": TEXT})
    (tmp_path / "gone.txt").symlink_to("nowhere")
    (tmp_path / "memory.txt").symlink_to("/proc/self/mem")
    os.mkfifo(tmp_path / "pipe.txt")
    folder = read_folder(tmp_path)

    assert [document.file for document in folder.documents] == ["dir.txt/x.md", "good.txt"]
    assert [str(problem) for problem in folder.problems] == [
        "binary.txt: it is not text in any known encoding; save it as UTF-8.",
        "gone.txt: it is not a regular file, or a link that leads nowhere.",
        "half.txt: its byte-order mark says utf-16, but byte 2 is not; save it as UTF-8.",
        "memory.txt: it cannot be read: Input/output error.",
        "pipe.txt: it is not a regular file, or a link that leads nowhere.",
    ]


def test_a_link_to_a_file_is_that_file(tmp_path: Path) -> None:
    write(tmp_path, {"docs/link.txt": TEXT, "elsewhere.txt": TEXT})
    (tmp_path / "docs/link.txt").unlink()
    (tmp_path / "docs/link.txt").symlink_to(tmp_path / "elsewhere.txt")

    assert [document.text for document in read_folder(tmp_path / "docs").documents] == [TEXT]


def test_names_that_are_not_utf_8_are_shown_as_text_and_none_is_lost(tmp_path: Path) -> None:
    for name in [b"\xff.txt", b"\xfe.txt", "Київ.txt".encode()]:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_text(TEXT)
    names = [document.file for document in read_folder(tmp_path).documents]

    assert "Київ.txt" in names
    assert all(name.encode().decode() == name for name in names)
    assert len(set(names)) == 3


def test_a_document_with_nothing_to_quote_is_read_with_a_warning() -> None:
    folder = read({"a.txt": "", "b.md": "# A title\n", "c.txt": TEXT})

    assert [document.warnings for document in folder.documents] == [("it holds nothing to quote",)] * 2 + [()]
    assert folder.problems == ()


def test_a_guessed_encoding_is_a_warning_of_the_document() -> None:
    cyrillic = "Міністр закордонних справ призначив посла з особливих доручень у Києві. " * 3

    assert "read as cp1251" in read({"a.txt": cyrillic.encode("cp1251")}).documents[0].warnings[0]


def test_paragraphs_are_counted_by_kind_and_stand_under_their_heading() -> None:
    text = "One.\n\nThe heading\n  here\n\nTwo.\n\nThree.\n\nComments:\n\n  1. I agree.\n  2. I do not.\n"
    blocks = read(
        {"a.md": "One.\n\n## The\theading\n\nTwo.\n\nThree.", "b.txt": text.replace("\n  here", "")}
    ).documents

    assert [(b.kind.value, b.paragraph, b.heading) for b in blocks[0].blocks] == [
        ("text", 1, None),
        ("heading", None, None),
        ("text", 2, "The heading"),
        ("text", 3, "The heading"),
    ]
    assert [(b.paragraph, b.heading) for b in blocks[1].blocks if b.kind is Kind.COMMENT] == [(1, None), (2, None)]


def test_what_sources_toml_says_holds_for_its_file_alone() -> None:
    digest = hashlib.sha256(PAGE.encode()).hexdigest()
    sources = f"""
        [[document]]
        file = "a.txt"
        sha256 = "{digest}"
        publisher = "Kyiv Post"
        [[document.range]]
        kind = "teaser"
        start = "Another one."
    """
    stated, bare = read({"a.txt": PAGE, "b.txt": PAGE}, sources).documents

    assert (stated.source.publisher, bare.source) == ("Kyiv Post", Source())
    assert ("teaser", "Another one.") in shown(stated.text, stated.blocks)
    assert ("text", "Another one.") in shown(bare.text, bare.blocks)


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ('sha256 = "00"', "it has changed since sources.toml described it"),
        ("[[document.range]]\nkind = 'teaser'\nstart = 'gone'", "“gone” of sources.toml stands 0 times"),
        ("[[document.range]]\nkind = 'teaser'\nstart = 'one'", "“one” of sources.toml stands 2 times"),
    ],
)
def test_a_file_that_is_not_as_described_is_served_under_its_bare_name(statement: str, message: str) -> None:
    folder = read({"a.txt": PAGE}, f'[[document]]\nfile = "a.txt"\ntitle = "T"\ncomments = false\n{statement}\n')

    assert [problem.file for problem in folder.problems] == ["a.txt"]
    assert folder.problems[0].message.startswith(message)
    assert folder.documents[0].source == Source(comments=False)
    assert Kind.TEASER not in {block.kind for block in folder.documents[0].blocks}


def test_comments_that_only_sources_toml_knew_are_not_served_as_text_once_the_file_has_changed() -> None:
    said = """
        [[document]]
        file = "a.txt"
        sha256 = "00"
        comments = false
        [[document.range]]
        kind = "comment"
        start = "Another one."
    """
    document = read({"a.txt": PAGE}, said).documents[0]

    assert ("text", "Another one.") not in shown(document.text, document.blocks)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("gone.txt", "it describes gone.txt, which is not in the folder"),
        ("./a.txt", "it describes ./a.txt, which is not in the folder"),
        ("b.pdf", "it describes b.pdf, which no reader knows"),
    ],
)
def test_a_description_without_a_document_is_a_problem(name: str, message: str) -> None:
    folder = read({"a.txt": TEXT, "b.pdf": "x"}, f'[[document]]\nfile = "{name}"\n')

    assert folder.problems == (Problem("sources.toml", message),)
    assert len(folder.documents) == 1


def test_sources_toml_that_cannot_be_understood_stops_everything() -> None:
    with pytest.raises(SourcesError, match=r"sources\.toml is not valid TOML"):
        read({"a.txt": TEXT}, "[[")


def test_sources_toml_that_cannot_be_read_stops_everything(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": TEXT, "sources.toml/b.txt": TEXT})

    with pytest.raises(FolderError, match=r"sources\.toml cannot be read: Is a directory"):
        read_folder(tmp_path)


def test_sources_toml_that_leads_nowhere_is_not_taken_for_none(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": TEXT})
    (tmp_path / "sources.toml").symlink_to("nowhere")

    with pytest.raises(FolderError, match=r"sources\.toml cannot be read"):
        read_folder(tmp_path)


def test_an_onlooker_sees_every_file(tmp_path: Path) -> None:
    onlooker = Onlooker()
    read_folder(write(tmp_path, {"a.txt": TEXT, "b.txt": bytes(range(256)), "c.pdf": "x"}), onlooker)

    assert onlooker.seen == {"Reading": [("a.txt", tmp_path / "a.txt"), ("b.txt", tmp_path / "b.txt")]}
