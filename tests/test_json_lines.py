"""Answers as JSON Lines: the keys that programs rely on, and one line out for each line in."""

import io
import json
import re
import subprocess
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.json_lines import answer_lines, json_line
from retrieval.index import Index
from tests.processes import PATIENCE, QUOTH, SEEDS, environment, quoth, together

KYZYM = "who appointed Kyzym"
ANSWER_KEYS = {"question", "verdict", "coverage", "understood", "not_understood", "citations", "search_ms"}
CITATION_KEYS = {
    *("quote", "file", "start", "end", "kind", "title", "publisher", "date", "url", "heading", "paragraph", "page"),
    *("score", "highlights", "is_cut", "lead_in"),
}
LONG = "x" * 100_000


def asked(index: Index, lines: bytes) -> list[str]:
    """The questions as the answers repeat them."""
    out = io.BytesIO()
    answer_lines(index, io.BytesIO(lines), out)
    assert out.getvalue().isascii()
    assert out.getvalue().endswith(b"\n") or not lines
    return [json.loads(line)["question"] for line in out.getvalue().splitlines()]


def test_an_answer_has_the_keys_of_the_contract(index: Index) -> None:
    answer = json.loads(json_line(index.ask("who appointed Kyzym in xyzzy")))
    assert set(answer) >= ANSWER_KEYS
    assert answer["verdict"] == "related"  # what the documents do not have is asked for, too
    assert answer["not_understood"] == ["xyzzy"]
    assert answer["understood"]["kyzym"] == ["kyzym"]
    assert 0 < answer["coverage"] < 1
    assert answer["search_ms"] > 0
    for citation in answer["citations"]:
        assert set(citation) >= CITATION_KEYS
        text = Path(SEEDS, citation["file"]).read_text("utf-8")
        for span in filter(None, (citation, citation["lead_in"])):
            assert span["quote"] == text[span["start"] : span["end"]]
        for start, end in citation["highlights"]:
            assert citation["start"] <= start < end <= citation["end"]
    assert any(
        citation["lead_in"] and set(citation["lead_in"]) >= {"quote", "start", "end"}
        for citation in answer["citations"]
    )


def test_silence_has_the_same_keys_and_no_citation(index: Index) -> None:
    answer = json.loads(json_line(index.ask("xyzzy")))
    assert set(answer) >= ANSWER_KEYS
    assert (answer["verdict"], answer["citations"], answer["coverage"]) == ("nothing", [], 0)


@pytest.mark.parametrize(
    ("lines", "questions"),
    [
        (b"", []),
        (b"\n", [""]),
        (b"one\n\n\ntwo\n", ["one", "", "", "two"]),
        (b"one\ntwo", ["one", "two"]),
        (b"one\r\n\r\ntwo\r\n", ["one", "", "two"]),
        (b"one\rtwo\n", ["one\rtwo"]),
        (b"one\0two\n", ["one\0two"]),
        (b"one\xff\xfe\n\xf0\x9f\n", ["one\ufffd\ufffd", "\ufffd"]),
        ("a\u2028b\u2029c\x85d\x0be\x0cf\n".encode(), ["a\u2028b\u2029c\x85d\x0be\x0cf"]),
        ("хто призначив Кизима? 🇺🇦\n".encode(), ["хто призначив Кизима? 🇺🇦"]),
        (f"{LONG}\nnext\n".encode(), [LONG, "next"]),
        (b'{"question": "x"}\n', ['{"question": "x"}']),
    ],
)
def test_there_is_a_line_out_for_each_line_in(index: Index, lines: bytes, questions: list[str]) -> None:
    assert asked(index, lines) == questions


@settings(deadline=None)
@given(st.lists(st.binary(max_size=30).map(lambda line: line.replace(b"\n", b" ")), max_size=5))
def test_any_bytes_are_answered_line_by_line(index: Index, lines: list[bytes]) -> None:
    assert len(asked(index, b"".join(line + b"\n" for line in lines))) == len(lines)


def test_each_answer_is_there_before_the_next_question_comes(index: Index) -> None:
    out, seen = io.BytesIO(), []

    class Questions(io.BytesIO):
        def __next__(self) -> bytes:
            seen.append(out.getvalue().count(b"\n"))
            return super().__next__()

    answer_lines(index, Questions(b"one\ntwo\nthree\n"), out)
    assert seen == [0, 1, 2, 3]


# The command


def test_a_thousand_questions_are_answered_in_order_with_quotes_to_the_letter(tmp_path: Path) -> None:
    kinds = [KYZYM, "xyzzy", "", "hello", "хто такий Кизим?", "Crimea", "🇺🇦", "a\0b", "\u2028", "Lukashenka sanctions"]
    questions = [f"{kinds[number % 10]} {number}".strip() for number in range(999)] + [""]
    ended = quoth("ask", "--json", cwd=tmp_path, given="".join(f"{question}\n" for question in questions).encode())
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.isascii()
    answers = [json.loads(line) for line in ended.out.split("\n")[:-1]]
    assert [answer["question"] for answer in answers] == questions
    texts = {path.name: path.read_bytes().decode() for path in SEEDS.glob("*.txt")}
    citations = [citation for answer in answers for citation in answer["citations"]]
    assert len(citations) > 500
    for citation in citations:
        for span in filter(None, (citation, citation["lead_in"])):
            assert span["quote"] == texts[citation["file"]][span["start"] : span["end"]]


def test_answers_do_not_depend_on_the_hash_seed(tmp_path: Path) -> None:
    questions = f"{KYZYM}\nBelarus\nwar in Ukraine and Russia\n".encode()
    asked = partial(quoth, "ask", "--json", cwd=tmp_path, given=questions)
    endings = together(*(partial(asked, PYTHONHASHSEED=seed) for seed in ("0", "1")))
    first, second = (re.sub('"search_ms": [0-9.]+', "", ended.out) for ended in endings)
    assert first == second


def test_one_question_can_be_asked_in_json_too(tmp_path: Path) -> None:
    (line,) = quoth("ask", "--json", "who", "appointed", "Kyzym", cwd=tmp_path).out.splitlines()
    assert json.loads(line)["question"] == KYZYM


def test_an_answer_comes_before_the_next_question_is_asked(tmp_path: Path) -> None:
    with subprocess.Popen(
        [QUOTH, "ask", "--json"],
        cwd=tmp_path,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdin
        assert process.stdout
        for question in ("one", "two"):
            process.stdin.write(f"{question}\n".encode())
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["question"] == question
        process.stdin.close()
        assert process.wait(PATIENCE) == 0
