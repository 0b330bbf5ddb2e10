"""How long an answer about the seeds takes, over all judged questions.

    pytest -n 0 tests/bench_ask.py

Each question is asked once in a round; no answer is kept, so a question that comes again is searched again. The
median should stay below 2 ms; 1.6 to 1.8 ms were measured. A benchmark, not a test: it prints and never fails.
"""

import json
from pathlib import Path
from typing import Any

from pytest_benchmark.fixture import BenchmarkFixture

from retrieval.folder import read_folder
from retrieval.index import Index

ROOT = Path(__file__).parents[1]
ROUNDS = 3


def questions() -> list[str]:
    lines = [
        line
        for name in ("tune", "test")
        for line in (ROOT / "tests" / "judgements" / f"{name}.jsonl").read_text("utf-8").splitlines()
    ]
    return [json.loads(line)["question"] for line in lines]


def test_asking_the_seeds(benchmark: BenchmarkFixture) -> None:
    asked = questions()
    index, turns = Index(read_folder(ROOT / "seeds").documents), iter(asked * (ROUNDS + 1))

    def next_question() -> tuple[tuple[str], dict[str, Any]]:
        return (next(turns),), {}

    benchmark.pedantic(  # type: ignore[no-untyped-call]  # pytest-benchmark leaves it so
        index.ask, setup=next_question, rounds=ROUNDS * len(asked), warmup_rounds=len(asked)
    )
