"""A progress bar for what takes more than a second, on a terminal only."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

from rich.console import Console
from rich.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_T = TypeVar("_T")
_PATIENCE = 1.0  # seconds before anything is drawn


def watch(items: Sequence[_T], what: str) -> Iterable[_T]:
    """The items, with a bar on standard error once they have taken a second."""
    console = Console(stderr=True)
    return _watched(items, what, console) if console.is_terminal else items


def _watched(items: Sequence[_T], what: str, console: Console) -> Iterator[_T]:
    began = time.monotonic()
    progress = Progress(console=console, transient=True)
    task = progress.add_task(what, total=len(items))
    try:
        for item in items:
            yield item
            progress.advance(task)
            if not progress.live.is_started and time.monotonic() - began > _PATIENCE:
                progress.start()
    finally:
        if progress.live.is_started:
            progress.stop()
