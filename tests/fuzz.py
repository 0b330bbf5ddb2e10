"""Looks for input that breaks the bot, guided by the branches it reaches:

    python tests/fuzz.py [--runs 1000000] [--seconds 0] [--longest 6000] [--corpus FOLDER]

The input is a question to the seeds, a document, the body of a delivery, or an update for the handlers. It needs the
extra `fuzz` (atheris, for CPython 3.11 to 3.13). What breaks the bot is written to a file `crash-…` where this was
started, to be given to `python tests/fuzz.py --again FILE`. An input may take five seconds and a gigabyte.
"""

import argparse
import json
import logging
import os
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1]))

try:
    import atheris
except ModuleNotFoundError:
    print("Nothing was fuzzed: atheris is not installed; pip install '.[fuzz]', with CPython 3.11 to 3.13.")
    sys.exit()

with atheris.instrument_imports(include=["bot", "retrieval", "tests.hostile"]):
    from bot.inbox import id_of
    from bot.incoming import one_by_one, parsed
    from tests import hostile

SECONDS, MEGABYTES = 5, 1_024  #: for one input
LONGEST = 6_000  #: bytes
JUDGED = Path(__file__).parent / "judgements" / "test.jsonl"
_handlers = hostile.Handlers()


def question(data: bytes) -> None:
    hostile.check_question(hostile.SEEDS, data.decode("utf-8", "surrogateescape"))


def text(data: bytes) -> None:
    hostile.check_document(data, ".txt", _probe(data))


def markdown(data: bytes) -> None:
    hostile.check_document(data, ".md", _probe(data))


def _probe(data: bytes) -> tuple[str]:
    """One of the questions, for the sake of more documents a second: hypothesis asks each document all of them."""
    return (hostile.PROBES[len(data) % len(hostile.PROBES)],)


def delivery(data: bytes) -> None:
    body = parsed(data)
    list(one_by_one(data.decode("utf-8", "replace")))
    if id_of(body) is not None:
        _handlers.check(body)


def update(data: bytes) -> None:
    given = atheris.FuzzedDataProvider(data)
    known = hostile.message(given.ConsumeUnicode(60), update_id=given.ConsumeIntInRange(0, 2**62))
    body = hostile.spoilt(known, lambda below: given.ConsumeIntInRange(0, below - 1), lambda: given.ConsumeUnicode(40))
    if id_of(body) is not None:
        _handlers.check(body)


TARGETS = (question, text, markdown, delivery, update)


def one(data: bytes) -> None:
    """Gives an input to the target that its first byte names."""
    if data:
        TARGETS[data[0] % len(TARGETS)](data[1:])


class Budget:
    """How many inputs there may be, and for how long; the process ends with the last one."""

    def __init__(self, runs: int, seconds: int, seeds: TemporaryDirectory[str]) -> None:
        self._seeds = seeds
        self._runs, self._seconds = runs, seconds or float("inf")
        self._done, self._began = 0, time.monotonic()

    def one(self, data: bytes) -> None:
        one(data)
        self._done += 1
        lasted = time.monotonic() - self._began
        if self._done >= self._runs or lasted > self._seconds:
            print(f"{self._done} inputs in {lasted:.0f} s, and none broke the bot", flush=True)
            self._seeds.cleanup()
            os._exit(0)  # libFuzzer's own end waits for the thread of the database


def sow(folder: Path) -> None:
    """Begins with what people ask, write and send."""
    asked = [json.loads(line)["question"] for line in JUDGED.read_text("utf-8").splitlines()[:60]]
    found = [(question, each.encode()) for each in asked]
    for document in hostile.SEEDS.documents:
        cut = document.text[:2_000].encode()
        found += [(text, cut), (markdown, b"# A title\n\n" + cut)]
    found += [(delivery, json.dumps(hostile.message(each)).encode()) for each in asked[:10]]
    found += [(update, bytes(range(200)))]
    for number, (target, data) in enumerate(found):
        (folder / f"{number:03}").write_bytes(bytes([TARGETS.index(target)]) + data)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=1_000_000, help="how many inputs")
    parser.add_argument("--seconds", type=int, default=0, help="for how long at most; 0: no limit")
    parser.add_argument("--longest", type=int, default=LONGEST, help="bytes of an input; short ones are quickly tried")
    parser.add_argument("--corpus", type=Path, help="a folder in which inputs that reach something new are kept")
    parser.add_argument("--again", type=Path, help="a file to try once")
    wish = parser.parse_args()
    logging.disable()  # of malformed updates: they are most
    if wish.again:
        one(wish.again.read_bytes())
        return
    seeds = TemporaryDirectory()
    sow(Path(seeds.name))
    limits = [f"-timeout={SECONDS}", f"-rss_limit_mb={MEGABYTES}", f"-max_len={wish.longest}"]
    folders = [*([str(wish.corpus)] if wish.corpus else []), seeds.name]
    atheris.Setup([sys.argv[0], *limits, *folders], Budget(wish.runs, wish.seconds, seeds).one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
