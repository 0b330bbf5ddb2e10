"""`sources.toml`: what it may say, what it may not, and what holds when it does not fit its file."""

import pytest

from retrieval.errors import DocumentError, RetrievalError, SourcesError
from retrieval.sources import Range, apply_ranges, check_unchanged, read_sources
from retrieval.structure import read_structure
from retrieval.types import Kind, Source
from tests.folders import shown

TEXT = "The first line.\n\nA teaser of two lines\nis here\n\nThe last line is here."
DOCUMENT = '[[document]]\nfile = "a.txt"\n'


def test_everything_that_can_be_said_of_a_document_is_read() -> None:
    statement = read_sources(b"""\xef\xbb\xbf
        [[document]]
        file = "sub/a.txt"
        sha256 = "AB12"
        title = "A title"
        publisher = "Kyiv Post"
        date = 2024-02-03
        url = "https://example.org/"
        language = "en"
        comments = false
        [[document.range]]
        kind = "teaser"
        start = "A"
        end = "B"
        [[document.range]]
        kind = "furniture"
        start = "C"
    """)["sub/a.txt"]

    assert statement.source == Source(
        "A title", "Kyiv Post", "2024-02-03", "https://example.org/", "en", comments=False
    )
    assert statement.sha256 == "AB12"
    assert statement.ranges == (Range(Kind.TEASER, "A", "B"), Range(Kind.FURNITURE, "C", None))


def test_what_is_not_said_stays_unknown() -> None:
    statement = read_sources((DOCUMENT + 'title = ""\n').encode())["a.txt"]

    assert (statement.source, statement.sha256, statement.ranges) == (Source(), None, ())
    assert statement.source.comments
    assert read_sources(b"") == {}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"[[document", "sources.toml is not valid TOML: "),
        (b"title = '\xff'", "sources.toml is not valid TOML: "),
        (b"[[documents]]", "sources.toml: “documents” is not known; there are document."),
        (b"document = 1", "sources.toml: document is written as [[document]]."),
        (b"[document]\nfile = 'a'", "sources.toml: document is written as [[document]]."),
        (b"document = [1]", "sources.toml: document is written as [[document]]."),
        (b"[[document]]\ntitle = 'x'", 'sources.toml: a [[document]] has no file = "…".'),
        (b"[[document]]\nfile = ''", 'sources.toml: a [[document]] has no file = "…".'),
        (b"[[document]]\nfile = 5", "sources.toml: file is a text in quotation marks."),
        ((DOCUMENT * 2).encode(), "sources.toml: a.txt is described twice; keep one [[document]]."),
        (
            (DOCUMENT + "author = 'x'").encode(),
            "sources.toml, a.txt: “author” is not known; there are comments, date, file,",
        ),
        ((DOCUMENT + "title = 5").encode(), "sources.toml, a.txt: title is a text in quotation marks."),
        ((DOCUMENT + "date = 10:00:00").encode(), "sources.toml, a.txt: date is a text in quotation marks."),
        ((DOCUMENT + "sha256 = 5").encode(), "sources.toml, a.txt: sha256 is a text in quotation marks."),
        ((DOCUMENT + "comments = 'no'").encode(), "sources.toml, a.txt: comments is true or false."),
        ((DOCUMENT + "range = 'x'").encode(), "sources.toml, a.txt: range is written as [[document.range]]."),
        (
            (DOCUMENT + "[[document.range]]\nkind = 'ad'\nstart = 'x'").encode(),
            "sources.toml, a.txt: a range is one of title, heading, text, comment, teaser, furniture, not “ad”.",
        ),
        ((DOCUMENT + "[[document.range]]\nkind = 'text'").encode(), 'sources.toml, a.txt: a range has no start = "…".'),
        ((DOCUMENT + "[[document.range]]\nstart = 'x'").encode(), 'sources.toml, a.txt: a range has no kind = "…".'),
        (
            (DOCUMENT + "[[document.range]]\nbegin = 'x'").encode(),
            "sources.toml, a.txt: “begin” is not known; there are end,",
        ),
        (
            (DOCUMENT + "[[document.range]]\nkind = 'text'\nstart = 'x'\nend = 1").encode(),
            "sources.toml, a.txt: end is a text in quotation marks.",
        ),
    ],
)
def test_what_cannot_be_understood_is_named_in_a_sentence(content: bytes, message: str) -> None:
    with pytest.raises(SourcesError) as error:
        read_sources(content)

    assert str(error.value).startswith(message)
    assert str(error.value).endswith(".")
    assert isinstance(error.value, RetrievalError)


def test_a_file_is_unchanged_when_its_digest_is_the_stated_one_or_none_is_stated() -> None:
    digest = "2CF24DBA5FB0A30E26E83B2AC5B9E29E1B161E5C1FA7425E73043362938B9824"

    check_unchanged(read_sources((DOCUMENT + f'sha256 = "{digest}"').encode())["a.txt"], b"hello")
    check_unchanged(read_sources(DOCUMENT.encode())["a.txt"], b"anything")
    with pytest.raises(DocumentError, match=r"has changed since sources\.toml described it"):
        check_unchanged(read_sources((DOCUMENT + f'sha256 = "{digest}"').encode())["a.txt"], b"hello ")


def test_the_message_of_a_changed_file_names_the_digest_to_state() -> None:
    with pytest.raises(
        DocumentError, match='set sha256 = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"'
    ):
        check_unchanged(read_sources((DOCUMENT + 'sha256 = "00"').encode())["a.txt"], b"hello")


@pytest.mark.parametrize(
    ("entry", "kinds"),
    [
        (Range(Kind.TEASER, "A teaser", "is here"), ["text", "teaser", "teaser", "text"]),
        (Range(Kind.HEADING, "A teaser of two lines", None), ["text", "heading", "text", "text"]),
        (Range(Kind.COMMENT, "A teaser of two lines\nis here", None), ["text", "comment", "comment", "text"]),
        (
            Range(Kind.FURNITURE, "line.\n\nA teaser", "last line is here."),
            ["text", "furniture", "furniture", "furniture"],
        ),
    ],
)
def test_a_range_gives_its_kind_to_the_paragraphs_that_lie_in_it(entry: Range, kinds: list[str]) -> None:
    blocks = apply_ranges([entry], TEXT, read_structure(TEXT))

    assert [kind for kind, _ in shown(TEXT, blocks)] == kinds
    assert {block.reason for block in blocks if block.kind is entry.kind} == {"sources.toml"}


def test_a_later_range_overrides_an_earlier_one() -> None:
    ranges = [Range(Kind.TEASER, "The first", "last line is here."), Range(Kind.TITLE, "The first line.", None)]

    assert [kind for kind, _ in shown(TEXT, apply_ranges(ranges, TEXT, read_structure(TEXT)))] == [
        "title",
        *["teaser"] * 3,
    ]


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (Range(Kind.TEXT, "nowhere", None), "“nowhere” of sources.toml stands 0 times in it instead of once"),
        (Range(Kind.TEXT, "line", None), "“line” of sources.toml stands 3 times in it instead of once"),
        (Range(Kind.TEXT, "two\nlines " + "x" * 99, None), f"“two lines {'x' * 50}” of sources.toml stands 0 times"),
        (
            Range(Kind.TEXT, "A teaser", "The first"),
            "“The first” of sources.toml does not stand in it behind the start",
        ),
        (Range(Kind.TEXT, "A teaser", None), "the range “A teaser” of sources.toml holds no whole paragraph"),
    ],
)
def test_a_range_that_does_not_fit_its_file_is_named(entry: Range, message: str) -> None:
    with pytest.raises(DocumentError) as error:
        apply_ranges([entry], TEXT, read_structure(TEXT))

    assert str(error.value).startswith(message)
