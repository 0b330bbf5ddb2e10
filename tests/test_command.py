"""The command `quoth` as a process, the way a person or a program meets it: everything but `quoth run`."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from signal import SIGPIPE

import pytest

from tests import processes
from tests.processes import PATIENCE, QUOTH, SEEDS, Ended, environment, together

Quoth = Callable[..., Ended]
KYZYM = "who appointed Kyzym"
BROKEN_PIPE = {141, -SIGPIPE}  #: a shell shows both as 141
APPOINTED = "By the decision of the Minister of"  #: the answer begins with it
CONTROL = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\r(?!\n)")


@pytest.fixture
def quoth(tmp_path: Path) -> Quoth:
    """The command in an empty folder."""
    return partial(processes.quoth, cwd=tmp_path)


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    """A folder with a document that can be read and one that cannot."""
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "good.txt").write_text("Kyzym was appointed ambassador by the minister.", encoding="utf-8")
    (folder / "lost.txt").symlink_to("nowhere")
    return folder


# quoth ask


def test_a_question_is_answered_in_plain_unbroken_lines_with_or_without_quotation_marks(quoth: Quoth) -> None:
    ended, again = together(lambda: quoth("ask", "who", "appointed", "Kyzym"), lambda: quoth("ask", KYZYM))
    assert (ended.status, ended.err) == (0, "")
    assert ended == again
    best, *_ = ended.out.split("\n\n")
    *quoted, place = best.splitlines()
    assert all(line.startswith("> ") for line in quoted)
    assert f"{APPOINTED} Foreign Affairs, I was appointed Ambassador-at-Large for Belarus." in quoted[-1]
    assert place == "Kyiv Post · 000_719b66f8acb16e56.txt · paragraph 5"
    assert "\x1b" not in ended.out
    assert max(map(len, ended.out.splitlines())) > 200


def test_silence_is_an_answer(quoth: Quoth) -> None:
    assert quoth("ask", "xyzzy") == Ended(0, "The documents do not say.\n\nNot in the documents: xyzzy\n", "")


def test_what_to_do_is_said_when_there_is_no_question(quoth: Quoth) -> None:
    ended = quoth("ask")
    assert (ended.status, ended.out) == (2, "")
    assert ended.complaint.startswith("quoth: What is the question?")


def test_no_locale_breaks_it(quoth: Quoth) -> None:
    locales = [
        {"LC_ALL": "C"},
        {"PYTHONIOENCODING": "ascii:strict"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ]
    words = ("ask", KYZYM, "призначив", "\udcff")  # the last: a byte that is no text
    for ended in together(*(partial(quoth, *words, **locale) for locale in locales)):
        assert (ended.status, ended.err) == (0, "")
        assert APPOINTED in ended.out


def test_neither_telegram_nor_the_database_is_loaded_for_an_answer(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "bot", "ask", KYZYM],
        cwd=tmp_path,
        env={"QUOTH_SEEDS": str(SEEDS)},  # not measured: coverage itself loads sqlite3
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=True,
    )
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in ended.stderr.splitlines()}
    assert {"bot", "retrieval", "numpy", "rank_bm25"} <= loaded
    assert loaded & {"telegram", "httpx", "aiosqlite", "sqlite3"} == set()


# quoth ask --explain, quoth eval


def test_an_answer_can_be_explained(quoth: Quoth) -> None:
    ended = quoth("ask", "--explain", KYZYM)
    assert (ended.status, ended.err) == (0, "")
    answer, words, passages, quotes, *_ = re.split(r"\n(?=Words|Passages|Quotes|Verdict: )", ended.out)
    assert APPOINTED in answer
    assert "kyzym" in words
    assert "000_719b66f8acb16e56.txt text 5" in passages
    assert "000_719b66f8acb16e56.txt text 5" in quotes
    assert re.search(r"^Verdict: answered\. .*", ended.out, re.MULTILINE)


def test_where_nothing_was_searched_there_is_nothing_to_explain(quoth: Quoth) -> None:
    assert quoth("ask", "--explain", "?!").out.splitlines()[1:] == [
        "",
        "Nothing was searched: this is a greeting, holds no word to search for, or is too long.",
    ]


def test_judged_questions_are_counted_by_group(quoth: Quoth, tmp_path: Path) -> None:
    judgements = [
        {"group": "said", "question": KYZYM, "answers": [{"file": "000_719b66f8acb16e56.txt", "text": APPOINTED}]},
        {"group": "unsaid", "question": "xyzzy", "answers": []},
    ]
    (tmp_path / "judged.jsonl").write_text("\n\n".join(map(json.dumps, judgements)), encoding="utf-8")
    for_programs, for_people = together(
        lambda: quoth("eval", "--json", "judged.jsonl"), lambda: quoth("eval", "judged.jsonl")
    )
    figures = json.loads(for_programs.out)
    assert (figures["said"]["questions"], figures["said"]["success_at_3"]) == (1, 1.0)
    assert (figures["unsaid"]["success_at_1"], figures["unsaid"]["silence"]) == (None, 1.0)
    rows = [line.split() for line in for_people.out.splitlines()]
    assert [row[:2] for row in rows] == [["group", "questions"], ["said", "1"], ["unsaid", "1"]]


@pytest.mark.parametrize("content", [None, b"\xff\xfe", b"", b"{}\n", b"no JSON\n"])
def test_a_file_that_holds_no_judgements_is_one_line(quoth: Quoth, tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "judged.jsonl").write_bytes(content)
    ended = quoth("eval", "judged.jsonl")
    assert (ended.status, ended.out) == (2, "")
    assert ended.complaint.startswith("quoth: judged.jsonl")


# quoth check


def test_the_documents_of_the_repository_are_in_order(quoth: Quoth) -> None:
    ended = quoth("check")
    assert (ended.status, ended.err) == (0, "")
    assert "problem" not in ended.out
    assert "note" not in ended.out


def test_a_problem_is_named_and_is_the_status(quoth: Quoth, documents: Path) -> None:
    ended = quoth("check", QUOTH_SEEDS=str(documents))
    assert ended.status == 1
    assert ended.out.splitlines()[-1].startswith("problem: lost.txt: ")


def test_every_block_can_be_seen(quoth: Quoth) -> None:
    ended = quoth("check", "--blocks")
    assert (ended.status, ended.err) == (0, "")
    assert "The former Ukrainian Ambassador to Belarus" in ended.out
    assert "sources.toml" in ended.out


# What can be wrong


def test_without_a_token_two_lines_say_how_to_get_one(quoth: Quoth) -> None:
    cases: list[dict[str, str]] = [{}, {"QUOTH_SEEDS": "nowhere"}, {"QUOTH_TELEGRAM_TOKEN": " "}]
    for ended in together(*(partial(quoth, "run", **variables) for variables in cases)):
        assert (ended.status, ended.out) == (2, "")
        first, second = ended.err.splitlines()
        assert "@BotFather" in first
        assert "QUOTH_TELEGRAM_TOKEN" in first
        assert "quoth chat" in second


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["bogus"], "quoth: No such command 'bogus'. Try: quoth --help"),
        (["--bogus"], "quoth: No such option: --bogus. Try: quoth --help"),
        (["ask", "--bogus", "x"], "quoth: No such option: --bogus. Try: quoth --help"),
        (["check", "bogus"], "quoth: Got unexpected extra argument(s) (bogus). Try: quoth --help"),
    ],
)
def test_a_wrong_command_line_is_one_line(quoth: Quoth, arguments: list[str], complaint: str) -> None:
    ended = quoth(*arguments)
    assert (ended.status, ended.out) == (2, "")
    assert ended.complaint == complaint


def test_a_folder_that_is_none_is_one_line(quoth: Quoth, tmp_path: Path) -> None:
    (tmp_path / "file.txt").touch()
    (tmp_path / "seeds").mkdir()  # the default, empty
    cases = [
        *(("ask x", folder) for folder in ("nowhere", "", "file.txt")),
        *((command, "nowhere") for command in ("ask --json", "chat", "check", "run")),
    ]
    endings = together(
        *(partial(quoth, *words.split(), QUOTH_SEEDS=folder, QUOTH_TELEGRAM_TOKEN="1:x") for words, folder in cases)
    )
    for (_, folder), ended in zip(cases, endings, strict=True):
        assert (ended.status, ended.out) == (2, "")
        assert ended.complaint.startswith(f"quoth: The folder of documents “{folder or 'seeds'}” ")
        assert ended.complaint.endswith(" Set QUOTH_SEEDS to the folder of your documents.")


def test_a_wrong_sources_file_is_one_line(quoth: Quoth, documents: Path) -> None:
    (documents / "sources.toml").write_text("[[document", encoding="utf-8")
    ended = quoth("ask", "x", QUOTH_SEEDS=str(documents))
    assert (ended.status, ended.out) == (2, "")
    assert ended.complaint.startswith("quoth: sources.toml ")


def test_a_document_that_cannot_be_read_is_named_and_the_others_serve(quoth: Quoth, documents: Path) -> None:
    ended = quoth("ask", "--json", KYZYM, QUOTH_SEEDS=str(documents))
    assert ended.status == 0
    assert "appointed ambassador by the minister" in ended.out
    assert ended.complaint.startswith("quoth: lost.txt: ")


def test_a_name_cannot_steer_the_terminal_that_a_problem_is_shown_on(quoth: Quoth, documents: Path) -> None:
    (documents / "lost.txt").rename(documents / "\x1b[31mlost\n.txt")
    complaint = quoth("ask", KYZYM, QUOTH_SEEDS=str(documents)).complaint
    assert complaint.isprintable()


def test_without_any_document_that_can_be_read_there_is_nothing_to_ask(quoth: Quoth, documents: Path) -> None:
    (documents / "good.txt").unlink()
    ended = quoth("ask", KYZYM, QUOTH_SEEDS=str(documents))
    assert (ended.status, ended.out) == (1, "")
    assert ended.err.splitlines()[1:] == ["quoth: None of the documents could be read."]


def test_a_reader_who_leaves_early_hears_no_complaint(tmp_path: Path) -> None:
    with subprocess.Popen(
        [QUOTH, "ask", "--json"],
        cwd=tmp_path,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdin.write(b"who appointed Kyzym\n")
        process.stdin.flush()
        assert process.stdout.readline()
        process.stdout.close()
        process.stdin.write(b"who appointed Kyzym\n" * 1_000)
        process.stdin.close()
        assert process.stderr.read() == b""
        assert process.wait(PATIENCE) in BROKEN_PIPE


@pytest.mark.parametrize("arguments", [["ask", KYZYM], ["ask", "--json", KYZYM], ["--version"]])
def test_a_reader_who_never_came_hears_no_complaint(tmp_path: Path, arguments: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    ended = subprocess.run(
        [QUOTH, *arguments],
        cwd=tmp_path,
        env=environment(),
        stdout=writing,
        stderr=subprocess.PIPE,
        timeout=PATIENCE,
        check=False,
    )
    os.close(writing)
    assert ended.stderr == b""
    assert ended.returncode in BROKEN_PIPE


@pytest.mark.parametrize("arguments", [["ask", KYZYM], ["--version"]])
def test_a_full_disk_is_one_line(quoth: Quoth, arguments: list[str]) -> None:
    ended = quoth(*arguments, redirected=">/dev/full")
    assert ended.status == 1
    assert "No space left on device" in ended.complaint


@pytest.mark.parametrize(
    ("arguments", "redirected"),
    [
        *((["ask", "--json"], "<&-"), (["chat"], "<&-")),
        *((["ask", KYZYM], ">&-"), (["--version"], ">&-")),
    ],
)
def test_without_a_standard_stream_it_ends_without_a_complaint(
    quoth: Quoth, arguments: list[str], redirected: str
) -> None:
    ended = quoth(*arguments, redirected=redirected)
    assert (ended.status, ended.err) == (0, "")


def test_without_standard_error_the_status_still_tells(quoth: Quoth) -> None:
    assert quoth("bogus", redirected="2>&-") == Ended(2, "", "")


# Help


def test_the_version_is_that_of_the_distribution(quoth: Quoth) -> None:
    ended = quoth("--version")
    assert (ended.status, ended.err) == (0, "")
    assert re.fullmatch(r"quoth \d+\.\d+\.\d+\n", ended.out)
    module = [sys.executable, "-m", "bot", "--version"]
    assert subprocess.check_output(module, env=environment(), text=True, timeout=PATIENCE) == ended.out


def test_help_is_everywhere_even_where_only_ascii_can_be_shown(quoth: Quoth) -> None:
    names = ["", "run", "ask", "chat", "check", "eval"]
    helps = together(*(partial(quoth, *name.split(), "--help", PYTHONIOENCODING="ascii:strict") for name in names))
    for name, ended in zip(names, helps, strict=True):
        assert (ended.status, ended.err) == (0, "")
        assert f"Usage: quoth {name}" in ended.out
        assert "\x1b" not in ended.out


def test_without_a_command_the_help_is_shown(quoth: Quoth) -> None:
    ended = quoth()
    assert ended.status == 2
    assert "Usage: quoth" in ended.out + ended.err
