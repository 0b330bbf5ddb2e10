"""What the terminal shows: messages plain where nobody looks, coloured and wrapped where somebody does."""

import io
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from bot.rendering import Draft, Message, Style
from bot.tables import show_blocks, show_folder
from bot.terminal import converse, show
from retrieval.folder import Folder, read_folder
from retrieval.index import Index
from tests.processes import QUOTH, SEEDS, on_terminal, quoth

KYZYM = "who appointed Kyzym"
APPOINTED = "By the decision of the Minister of Foreign Affairs"
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
SEQUENCE = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\r(?!\n)")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def answer(quote: str = "I was appointed. 🇺🇦") -> Message:
    """A quotation with a word in bold, above it a line, below it a file."""
    quotation = Draft()
    quotation.add(quote.partition("appointed")[0])
    quotation.add("appointed", Style.BOLD)
    quotation.add(quote.partition("appointed")[2])
    quotation.wrap(Style.QUOTE)
    draft = Draft()
    draft.add("🇺🇦 The closest passages:\n\n")
    draft.append(quotation)
    draft.add("\n")
    draft.add("a.txt", Style.CODE)
    draft.add(" · paragraph 5")
    return draft.message()


def shown(message: Message, width: int | None = None) -> str:
    """What is printed: on a terminal of that width, or into a file."""
    out = io.StringIO()
    if width is None:
        show(message, Console(file=out, width=100_000))
    else:
        show(message, Console(file=out, width=width, force_terminal=True, color_system="standard"))
    return out.getvalue()


def test_in_a_file_a_quotation_is_marked_and_nothing_is_coloured_or_wrapped() -> None:
    quote = f"I was appointed. {'Long. ' * 200}🇺🇦"
    assert shown(answer(quote)) == f"🇺🇦 The closest passages:\n\n> {quote}\na.txt · paragraph 5\n"


def test_every_line_of_a_quotation_is_marked() -> None:
    assert shown(answer("One.\n\nI was appointed.")).splitlines()[2:5] == ["> One.", "> ", "> I was appointed."]


def test_on_a_terminal_words_and_files_are_coloured_and_only_the_bar_is_dim() -> None:
    lines = [Text.from_ansi(line) for line in shown(answer(), 80).splitlines()]
    assert [line.plain for line in lines] == [
        *("🇺🇦 The closest passages:", "", "▌ I was appointed. 🇺🇦", "a.txt · paragraph 5")
    ]
    looks = [[(line.plain[span.start : span.end], str(span.style)) for span in line.spans] for line in lines]
    yellow, cyan = "color(3)", "color(6)"  # as ANSI numbers them
    assert looks == [[], [], [("▌ ", "dim"), ("appointed", f"bold {yellow}")], [("a.txt", cyan)]]


@pytest.mark.parametrize("width", [20, 40, 79, 200])
def test_on_a_terminal_everything_is_wrapped_at_its_width(width: int) -> None:
    quote = f"I was appointed. {'Довге речення про Білорусь. 🇺🇦 ' * 20}{'х' * 300}"
    lines = [COLOUR.sub("", line) for line in shown(answer(quote), width).splitlines()]
    assert max(map(cell_len, lines)) <= width
    quoted = [line.removeprefix("▌ ") for line in lines if line.startswith("▌ ")]
    assert "".join(quoted).replace(" ", "") == quote.replace(" ", "")


def test_brackets_and_signs_in_a_text_are_no_markup() -> None:
    quote = "[bold]I[/bold] was appointed :smile: \\[x] <b>&amp;"
    assert f"> {quote}\n" in shown(answer(quote))
    assert "[bold]I[/bold] was " in shown(answer(quote), 80)


@pytest.mark.parametrize("width", [None, 80])
def test_no_document_can_steer_the_terminal(width: int | None) -> None:
    hostile = "appointed \x1b[31m \x1b]0;title\x07 \x9b2J \x90q \x08\x7f \r end"
    assert CONTROL.findall(COLOUR.sub("", shown(answer(hostile), width))) == []
    assert "\x1b[31m" not in shown(answer(hostile), width)


# The conversation


def conversation(index: Index, lines: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The replies, by the blank lines before them."""
    out = io.StringIO()
    monkeypatch.setattr("sys.stdout", out)
    converse(index, io.StringIO(lines))
    return out.getvalue().split("\n\n")


@pytest.mark.parametrize("ending", ["", "/quit\n", "/exit\nhello\n", "  /quit  \nhello\n"])
def test_a_conversation_lasts_until_the_lines_end_or_someone_leaves(
    index: Index, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = conversation(index, f"hello\n\n   \nthanks\n{ending}", monkeypatch)
    greeting, thanks = [line.strip() for line in said if line.strip()][-2:]
    assert greeting.startswith("Hello! ")
    assert thanks == "You are welcome."


def test_a_conversation_opens_with_what_the_bot_is_for(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    said = conversation(index, "", monkeypatch)
    assert said[0].startswith("I answer questions about a folder of documents")
    assert said[2].startswith("2 documents, ")


def test_a_question_without_a_last_line_break_is_answered(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    assert any(
        "By the decision of the Minister" in reply for reply in conversation(index, "who appointed Kyzym", monkeypatch)
    )


# The command


def test_on_a_terminal_the_answer_is_coloured_and_wrapped(tmp_path: Path) -> None:
    with on_terminal(str(QUOTH), "ask", KYZYM, cwd=tmp_path, columns=50) as screen:
        shown = screen.rest()
        assert screen.status() == 0
    lines = SEQUENCE.sub("", shown).splitlines()
    assert APPOINTED in " ".join(line.removeprefix("▌ ") for line in lines)
    assert max(map(len, lines)) <= 50
    assert "\x1b[1;33mappointed\x1b[0m" in shown


def test_a_conversation_can_come_from_a_file(tmp_path: Path) -> None:
    ended = quoth("chat", cwd=tmp_path, given=f"{KYZYM}\n/sources\n/quit\nhello\n".encode())
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.startswith("I answer questions about a folder of documents")
    assert APPOINTED in ended.out
    assert "\n2 documents, " in ended.out
    assert "Hello!" not in ended.out
    assert "\x1b" not in ended.out


@pytest.mark.parametrize(("keys", "status"), [("\x04", 0), ("\x03", 130)])
def test_a_conversation_on_a_terminal_ends_on_a_line_of_its_own(tmp_path: Path, keys: str, status: int) -> None:
    with on_terminal(str(QUOTH), "chat", cwd=tmp_path) as screen:
        screen.type("hello\n")
        assert "Hello! Ask me something" in screen.until("own words.\r\n\r\n> ")
        screen.type(keys)
        rest = screen.rest()
        assert screen.status() == status
    assert "Traceback" not in rest
    assert rest.endswith("\n")


def test_the_prompt_stays_when_the_line_is_drawn_anew(tmp_path: Path) -> None:
    with on_terminal(str(QUOTH), "chat", cwd=tmp_path) as screen:
        screen.type("xyzzy\x0c\n")  # Ctrl-L
        assert "> xyzzy\r\n" in screen.until("Not in the documents")


# The folder


def folder(path: Path, files: Mapping[str, str]) -> Folder:
    for name, text in files.items():
        Path(path, name).write_text(text, encoding="utf-8")
    return read_folder(path)


def printed(found: Folder, *, blocks: bool = False, width: int = 100_000) -> str:
    out = io.StringIO()
    (show_blocks if blocks else show_folder)(found, Console(file=out, width=width, markup=False, highlight=False))
    return out.getvalue()


def test_every_document_has_a_row_with_what_it_was_read_as() -> None:
    rows = [line.split() for line in printed(read_folder(SEEDS)).splitlines()]
    kinds = ["title", "heading", "text", "comment", "teaser", "furniture"]
    assert rows[0] == ["file", "publisher", "or", "title", *kinds]
    assert rows[1][:3] == ["000_719b66f8acb16e56.txt", "Kyiv", "Post"]
    assert rows[2][:3] == ["003_23c2d2346bee6326.txt", "Why", "Ukraine"]
    assert all(cell.isdecimal() for row in rows[1:3] for cell in row[-6:])


def test_what_is_wrong_or_doubtful_is_said_below_the_rows(tmp_path: Path) -> None:
    (tmp_path / "link.txt").symlink_to("nowhere")
    lines = printed(folder(tmp_path, {"a.txt": "A sentence.", "empty.txt": "", "b.pdf": "x"})).splitlines()
    assert lines[3:] == [
        "note: empty.txt: it holds nothing to quote.",
        "note: b.pdf: no reader for this kind of file.",
        "problem: link.txt: it is not a regular file, or a link that leads nowhere.",
    ]


def test_every_block_is_shown_with_where_it_stands_and_why(tmp_path: Path) -> None:
    found = folder(tmp_path, {"a.md": f"# A title\n\n{'Long. ' * 50}\n\nThe\nend."})
    lines = [re.split(r"\s{2,}", line.strip()) for line in printed(found, blocks=True).splitlines()]
    assert lines[0] == ["a.md"]
    assert lines[1] == ["kind", "paragraph", "start", "end", "text", "reason"]
    assert lines[2][:2] + lines[2][3:4] == ["title", "2", "A title"]
    assert [line[:3] for line in lines[3:5]] == [["text", "1", "11"], ["text", "2", "313"]]
    assert lines[3][4].endswith("…")
    assert lines[4][4] == "The end."


@pytest.mark.parametrize("blocks", [False, True])
def test_file_names_are_shown_in_full_on_a_terminal_of_80_columns(*, blocks: bool) -> None:
    shown = printed(read_folder(SEEDS), blocks=blocks, width=80)
    assert "000_719b66f8acb16e56.txt" in shown
    assert "003_23c2d2346bee6326.txt" in shown


@pytest.mark.parametrize("blocks", [False, True])
def test_no_name_or_title_can_steer_the_terminal(tmp_path: Path, *, blocks: bool) -> None:
    (tmp_path / "link\x1b[31m.txt").symlink_to("nowhere")
    hostile = {"a\x1b[31m\x9b.txt": "A \x1b]0;title\x07\n\nA sentence.", "b\x1b[2J.pdf": "x", "empty\x1b[1m.txt": ""}
    assert CONTROL.findall(printed(folder(tmp_path, hostile), blocks=blocks)) == []


def test_brackets_in_a_name_are_no_markup(tmp_path: Path) -> None:
    shown = printed(folder(tmp_path, {"[bold]a[bold].txt": "A sentence.", "[red]b.pdf": "x"}))
    assert "\n[bold]a[bold].txt " in shown
    assert "\nnote: [red]b.pdf: " in shown
