"""The process's own log: one event a line, and the token in none, however it got there."""

import json
import logging
from collections.abc import Callable, Iterator

import pytest

from bot.logs import configure, redacted

TOKEN = "123456:AAHhJk-a_secret_token_of_a_bot_9"
OTHER = "7654321:BBF-another_bots_token_0123456789xy"
ADDRESS = f"https://api.telegram.org/bot{TOKEN}/getMe"

log = logging.getLogger("bot.of_a_test")


@pytest.fixture(autouse=True)
def _leaving_logging_as_it_was() -> Iterator[None]:
    root, quiet = logging.getLogger(), [logging.getLogger(name) for name in ("httpx", "httpcore", "telegram")]
    handlers, levels = list(root.handlers), [logger.level for logger in (root, *quiet)]
    yield
    root.handlers[:] = handlers
    for logger, level in zip((root, *quiet), levels, strict=True):
        logger.setLevel(level)


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
    raised,
]


@pytest.mark.parametrize("style", ["text", "json"])
@pytest.mark.parametrize("leak", LEAKS)
def test_the_token_is_in_no_line(style: str, leak: Callable[[], None], capsys: pytest.CaptureFixture[str]) -> None:
    configure("DEBUG", style, TOKEN)
    leak()
    out, err = capsys.readouterr()
    assert out == ""
    assert "bot.of_a_test" in err
    assert "<token>" in err or leak is LEAKS[4]  # as text an extra is not shown
    for secret in (TOKEN, OTHER, TOKEN.partition(":")[2], OTHER.partition(":")[2]):
        assert secret not in err


def test_a_token_of_any_shape_is_redacted(capsys: pytest.CaptureFixture[str]) -> None:
    configure("INFO", "text", "a token, mistyped")
    log.info("with a token, mistyped")
    assert capsys.readouterr().err.endswith(" INFO bot.of_a_test: with <token>\n")


@pytest.mark.parametrize("text", ["12:30 and 2024-02-05T12:30:00", "ratio 100000:3", "a.txt:12345", "", "Кизим 🇺🇦"])
def test_what_is_no_token_stays(text: str) -> None:
    assert redacted(text, frozenset({TOKEN})) == text


def test_json_is_a_line_with_time_level_logger_and_message(capsys: pytest.CaptureFixture[str]) -> None:
    configure("INFO", "json", TOKEN)
    log.warning("Кизим\nat %s", ADDRESS)
    raised()
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(line["level"], line["logger"], line["message"]) for line in lines] == [
        ("WARNING", "bot.of_a_test", "Кизим\nat https://api.telegram.org/bot<token>/getMe"),
        ("ERROR", "bot.of_a_test", "It failed with <token>."),
    ]
    assert all(line["time"] for line in lines)
    assert "ValueError: no answer from https://api.telegram.org/bot<token>/getMe" in lines[1]["exc_info"]


@pytest.mark.parametrize(("level", "shown"), [("DEBUG", 4), ("INFO", 3), ("WARNING", 2), ("ERROR", 1)])
def test_the_level_says_how_much_is_shown(level: str, shown: int, capsys: pytest.CaptureFixture[str]) -> None:
    configure(level, "text", TOKEN)
    for number in (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR):
        log.log(number, "x")
    assert len(capsys.readouterr().err.splitlines()) == shown


def test_libraries_that_log_addresses_are_quiet_at_any_level(capsys: pytest.CaptureFixture[str]) -> None:
    configure("DEBUG", "text", TOKEN)
    for name in ("httpx", "httpcore.connection", "telegram.ext.Updater"):
        logging.getLogger(name).info("HTTP Request: POST %s", ADDRESS)
    logging.getLogger("telegram.ext.Updater").error("Exception happened while polling for updates.")
    assert capsys.readouterr().err == ""


def test_to_set_it_up_twice_logs_once(capsys: pytest.CaptureFixture[str]) -> None:
    configure("INFO", "text", TOKEN)
    configure("INFO", "text", TOKEN)
    log.info("x")
    assert len(capsys.readouterr().err.splitlines()) == 1
