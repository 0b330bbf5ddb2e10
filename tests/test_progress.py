"""The progress bar: on a terminal alone, and only for what takes more than a second."""

import sys
from pathlib import Path

import pytest

from bot import progress
from bot.progress import watch
from tests.processes import on_terminal

#: Works at three things, a while at the first; as the case may be it gives up after that.
WORK = """
import sys, time
from bot.progress import watch
for step in watch([1, 2, 3], "Reading"):
    if step == 1:
        time.sleep(float(sys.argv[1]))
    elif sys.argv[2] == "gives up":
        break
print("done")
"""
SHOW_CURSOR, HIDE_CURSOR, WIPE_LINE = "\x1b[?25h", "\x1b[?25l", "\x1b[2K"


def worked(cwd: Path, seconds: float, how: str = "finishes") -> str:
    """What a terminal shows while something works."""
    with on_terminal(sys.executable, "-c", WORK, str(seconds), how, cwd=cwd) as terminal:
        shown = terminal.rest()
        assert terminal.status() == 0
    return shown


def test_without_a_terminal_nothing_is_drawn(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "_PATIENCE", 0)
    assert list(watch([1, 2, 3], "Reading")) == [1, 2, 3]
    assert capfd.readouterr() == ("", "")


def test_what_is_quickly_done_draws_nothing(tmp_path: Path) -> None:
    assert worked(tmp_path, 0) == "done\r\n"


@pytest.mark.parametrize("how", ["finishes", "gives up"])
def test_what_takes_more_than_a_second_is_shown_and_wiped_away(tmp_path: Path, how: str) -> None:
    shown = worked(tmp_path, 1.1, how)
    assert "Reading" in shown
    assert " 33%" in shown
    assert shown.endswith(f"{WIPE_LINE}done\r\n")
    assert shown.rindex(HIDE_CURSOR) < shown.rindex(SHOW_CURSOR)
