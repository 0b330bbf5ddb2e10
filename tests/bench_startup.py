"""How long `quoth ask` takes as a whole process, beside a process that only imports what it cannot do without.

    python tests/bench_startup.py [--rounds 15]

The two run in turn, so that a busy machine slows both; the medians are compared as a ratio, which should stay
below 2.5. A benchmark, not a test: it prints and never fails.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time

RIVAL = [sys.executable, "-c", "import numpy, rank_bm25, pydantic_settings"]
QUOTH = [sys.executable, "-m", "bot", "ask", "who appointed Kyzym"]


def seconds(command: list[str]) -> float:
    """The wall-clock time of one run."""
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    times = [(seconds(RIVAL), seconds(QUOTH)) for _ in range(rounds)]
    rival, quoth = (statistics.median(column) for column in zip(*times, strict=True))
    print(f"imports alone {rival * 1000:.0f} ms, quoth ask {quoth * 1000:.0f} ms, ratio {quoth / rival:.2f}")


if __name__ == "__main__":
    main()
