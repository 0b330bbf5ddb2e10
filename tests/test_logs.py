"""The process's own log: one event a line, and the token in none, however it got there."""

import json
import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest

from bot import logs
from bot.logs import _QUIET, Printer, configure, flush, redacted
from tests.processes import PATIENCE

TOKEN = "123456:AAHhJk-a_secret_token_of_a_bot_9"
OTHER = "7654321:BBF-another_bots_token_0123456789xy"
ADDRESS = f"https://api.telegram.org/bot{TOKEN}/getMe"

log = logging.getLogger("bot.of_a_test")


@pytest.fixture(autouse=True)
def _leaving_logging_as_it_was() -> Iterator[None]:
    root, quiet = logging.getLogger(), [logging.getLogger(name) for name in _QUIET]
    handlers, levels, hook = list(root.handlers), [logger.level for logger in (root, *quiet)], sys.excepthook
    yield
    sys.excepthook = hook
    root.handlers[:] = handlers
    for logger, level in zip((root, *quiet), levels, strict=True):
        logger.setLevel(level)


def printed(capfd: pytest.CaptureFixture[str]) -> str:
    """What went to standard error; nothing went to standard output."""
    flush()
    out, err = capfd.readouterr()
    assert out == ""
    return err


def failing() -> None:
    raise ValueError(f"no answer from {ADDRESS}")


def raised() -> None:
    try:
        failing()
    except ValueError:
        log.exception("It failed with %s.", TOKEN)


LEAKS: list[Callable[[], None]] = [
    lambda: log.error(ADDRESS),
    lambda: log.error("at %s of %r", ADDRESS, {"token": TOKEN}),
    lambda: log.error("of another bot: %s", OTHER),
    lambda: log.error("bytes %s", TOKEN.encode()),
    lambda: log.error("an extra", extra={"url": ADDRESS}),
    lambda: log.error(TOKEN * 3),
    lambda: log.error("half of it: %s", TOKEN.partition(":")[2]),
    lambda: log.error("in an address: %s", quote(TOKEN, safe="")),
    lambda: sys.excepthook(ValueError, ValueError(ADDRESS), None),
    raised,
]


@pytest.mark.parametrize("style", ["text", "json"])
@pytest.mark.parametrize("leak", LEAKS)
def test_the_token_is_in_no_line(style: str, leak: Callable[[], None], capfd: pytest.CaptureFixture[str]) -> None:
    configure("DEBUG", style, TOKEN)
    leak()
    err = printed(capfd)
    assert "bot.of_a_test" in err or "bot.logs" in err
    assert "<token>" in err or leak is LEAKS[4]  # as text an extra is not shown
    for secret in (TOKEN, OTHER, TOKEN.partition(":")[2], OTHER.partition(":")[2]):
        assert secret not in err


def test_no_other_secret_is_in_a_line_either(capfd: pytest.CaptureFixture[str]) -> None:
    configure("INFO", "text", TOKEN, "of-the-webhook")
    log.info("with of-the-webhook and %s", TOKEN)
    assert printed(capfd).endswith(": with <token> and <token>\n")


FORGED = "2024-02-05 12:00:00,000 CRITICAL bot.app: forged"
BREAKS = ("\n", "\r", "\r\n", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029")


def refuse(text: str) -> None:
    raise ValueError(text)


def forge() -> None:
    for line_break in BREAKS:
        try:
            refuse(f"who{line_break}{FORGED}")
        except ValueError:
            log.exception("asked: who%s%s\x1b[2J", line_break, FORGED)


def test_no_text_passes_for_a_line_of_its_own(capfd: pytest.CaptureFixture[str]) -> None:
    configure("INFO", "text", TOKEN)
    forge()
    lines = printed(capfd).splitlines()
    begun = [line for line in lines if not line.startswith("    ")]
    assert len(begun) == len(BREAKS)
    assert all(" ERROR bot.of_a_test: asked: who" in line for line in begun)
    assert not any("\x1b" in line for line in lines)


def test_in_json_every_event_is_one_line_whatever_text_it_holds(capfd: pytest.CaptureFixture[str]) -> None:
    configure("INFO", "json", TOKEN)
    forge()
    lines = [json.loads(line) for line in printed(capfd).splitlines()]
    assert [line["level"] for line in lines] == ["ERROR"] * len(BREAKS)
    assert [line["message"] for line in lines] == [f"asked: who{each}{FORGED}\x1b[2J" for each in BREAKS]


def test_a_token_of_any_shape_is_redacted(capfd: pytest.CaptureFixture[str]) -> None:
    configure("INFO", "text", "a token, mistyped")
    log.info("with a token, mistyped")
    assert printed(capfd).endswith(" INFO bot.of_a_test: with <token>\n")


@pytest.mark.parametrize("text", ["12:30 and 2024-02-05T12:30:00", "ratio 100000:3", "a.txt:12345", "", "Кизим 🇺🇦"])
def test_what_is_no_token_stays(text: str) -> None:
    assert redacted(text, frozenset({TOKEN})) == text


def test_json_is_a_line_with_time_level_logger_and_message(capfd: pytest.CaptureFixture[str]) -> None:
    configure("INFO", "json", TOKEN)
    log.warning("Кизим\nat %s", ADDRESS)
    raised()
    lines = [json.loads(line) for line in printed(capfd).splitlines()]
    assert [(line["level"], line["logger"], line["message"]) for line in lines] == [
        ("WARNING", "bot.of_a_test", "Кизим\nat https://api.telegram.org/bot<token>/getMe"),
        ("ERROR", "bot.of_a_test", "It failed with <token>."),
    ]
    assert all(line["time"] for line in lines)
    assert "ValueError: no answer from https://api.telegram.org/bot<token>/getMe" in lines[1]["exc_info"]


@pytest.mark.parametrize(("level", "shown"), [("DEBUG", 4), ("INFO", 3), ("WARNING", 2), ("ERROR", 1)])
def test_the_level_says_how_much_is_shown(level: str, shown: int, capfd: pytest.CaptureFixture[str]) -> None:
    configure(level, "text", TOKEN)
    for number in (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR):
        log.log(number, "x")
    assert len(printed(capfd).splitlines()) == shown


def test_libraries_that_log_addresses_are_quiet_at_any_level(capfd: pytest.CaptureFixture[str]) -> None:
    configure("DEBUG", "text", TOKEN)
    for name in ("telegram.Bot", "telegram.ext.Updater"):
        logging.getLogger(name).info("HTTP Request: POST %s", ADDRESS)
    logging.getLogger("telegram.ext.Updater").error("Exception happened while polling for updates.")
    assert printed(capfd) == ""


def test_to_set_it_up_twice_logs_once(capfd: pytest.CaptureFixture[str]) -> None:
    configure("INFO", "text", TOKEN)
    configure("INFO", "text", TOKEN)
    log.info("x")
    assert len(printed(capfd).splitlines()) == 1


def test_who_stops_reading_holds_up_nobody_and_learns_how_much_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "_MOST", 10)
    monkeypatch.setattr(logs, "_PATIENCE", 0.05)
    ours, theirs = os.pipe()
    with os.fdopen(ours) as reader, os.fdopen(theirs, "w", encoding="utf-8") as stream:
        printer = Printer(stream)
        began = time.monotonic()
        for number in range(30):
            printer.handle(logging.makeLogRecord({"msg": f"{number} {'x' * 60_000}"}))
        printer.flush()
        assert time.monotonic() - began < PATIENCE
        numbers, lost = list[int](), 0
        while len(numbers) + lost < 30:
            line = reader.readline().split()
            if "lost:" in line:
                lost += int(line[0])
            else:
                numbers.append(int(line[0]))
        assert numbers == [*range(len(numbers))]
        assert lost >= 10


def test_who_closes_the_pipe_ends_nothing() -> None:
    ours, theirs = os.pipe()
    os.close(ours)
    with os.fdopen(theirs, "w", encoding="utf-8") as stream:
        printer = Printer(stream)
        for _ in range(3):
            printer.handle(logging.makeLogRecord({"msg": "to nobody"}))
        printer.flush()
        assert printer._lines.empty()


class Unspeakable:
    def __str__(self) -> str:
        raise ValueError("a secret")


def test_a_record_that_cannot_be_formatted_is_named_and_harms_nobody(capfd: pytest.CaptureFixture[str]) -> None:
    configure("INFO", "text", TOKEN)
    log.info("%d", "a")
    log.info("%s", Unspeakable())
    lines = printed(capfd).splitlines()
    assert [line.partition(" could not be made: ")[2] for line in lines] == ["TypeError", "ValueError"]
    assert all(line.startswith("A line of bot.of_a_test:") for line in lines)


def test_what_logs_amid_a_log_does_not_wait_for_itself(capfd: pytest.CaptureFixture[str]) -> None:
    configure("INFO", "text", TOKEN)
    before = signal.signal(signal.SIGALRM, lambda *_: log.info("interrupted"))
    signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)
    try:
        for number in range(5_000):
            log.info("line %s", number)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    lines = printed(capfd).splitlines()
    assert sum("line " in line for line in lines) == 5_000
    assert any("interrupted" in line for line in lines)
