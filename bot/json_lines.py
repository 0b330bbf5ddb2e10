"""Answers as JSON Lines, for programs.

The output is plain ASCII with escapes: no locale can spoil it, and no line holds a character such as U+2028
that some readers take for the end of a line.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import BinaryIO

    from retrieval.index import Index
    from retrieval.types import Answer


def json_line(answer: Answer) -> str:
    """One answer, without the line break."""
    return json.dumps(asdict(answer))


def answer_lines(index: Index, questions: BinaryIO, answers: BinaryIO) -> None:
    """Answers each line as it comes, empty ones too: one line out for each line in, in order."""
    for line in questions:
        question = line.decode("utf-8", "replace").removesuffix("\n").removesuffix("\r")
        answers.write(json_line(index.ask(question)).encode() + b"\n")
        answers.flush()
