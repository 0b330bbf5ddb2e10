"""The real command `quoth` as a process: given its input, talked to on a terminal, or run until it is told to stop.

Nothing of the machine's own settings reaches it, and every wait ends. What a process needs in order to be measured
by coverage is handed on.
"""

import asyncio
import fcntl
import os
import pty
import resource
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from signal import SIGTERM, Signals

from tests.telegram_server import TelegramServer

QUOTH = Path(sys.executable).with_name("quoth")
SEEDS = Path(__file__).parents[1] / "seeds"
PATIENCE = 20.0  #: seconds until a wait fails its test
_INHERITED = ("PATH", "HOME", "TMPDIR")
#: Makes standard input the terminal that Ctrl-C is typed at, and lets Ctrl-C end what a shell runs in the background,
#: where it would be ignored. Python's own way, `preexec_fn`, is unsafe among threads.
_TAKE_TERMINAL = """\
import fcntl, os, signal, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])
"""


@dataclass(frozen=True, slots=True)
class Ended:
    """A process that has come to its end."""

    status: int
    out: str
    err: str

    @property
    def complaint(self) -> str:
        """The one line on standard error."""
        (line,) = self.err.splitlines()
        return line


def environment(**variables: str) -> dict[str, str]:
    """What a process finds in its environment: the documents of the repository, these variables, and little else."""
    kept = {name: value for name, value in os.environ.items() if name in _INHERITED or name.startswith("COVERAGE_")}
    return {"LANG": "C.UTF-8", "QUOTH_SEEDS": str(SEEDS), **kept, **variables}


def quoth(*arguments: str, cwd: Path, given: bytes = b"", redirected: str = "", **variables: str) -> Ended:
    """The command run to its end in a folder, without a traceback.

    Args:
        arguments: behind `quoth`.
        cwd: the folder.
        given: what stands on its standard input.
        redirected: as a shell writes it, such as ">/dev/full".
        variables: its environment.
    """
    shell = ["sh", "-c", f'exec "$0" "$@" {redirected}'] if redirected else []
    ended = subprocess.run(
        [*shell, QUOTH, *arguments],
        input=given,
        capture_output=True,
        cwd=cwd,
        env=environment(**variables),
        timeout=PATIENCE,
        check=False,
    )
    out, err = ended.stdout.decode(errors="replace"), ended.stderr.decode(errors="replace")
    assert "Traceback" not in err, err
    assert "Warning" not in err, err
    return Ended(ended.returncode, out, err)


def together(*commands: Callable[[], Ended]) -> list[Ended]:
    """What commands come to that run side by side, as many at a time as there are processors to expect."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        return [running.result() for running in [pool.submit(command) for command in commands]]


class Terminal:
    """A command on a terminal of its own, and whoever sits before it."""

    def __init__(self, process: subprocess.Popen[bytes], descriptor: int) -> None:
        self.process = process
        self._descriptor = descriptor
        self._shown = b""

    def type(self, text: str) -> None:
        """Presses keys, once the command waits for them; "\\x03" is Ctrl-C, "\\x04" Ctrl-D.

        It edits the line, and sleeps: a Ctrl-C between Python's last look at its signals and the wait for a key is
        seen with the next key only, and nobody presses one.
        """
        deadline = time.monotonic() + PATIENCE
        while self._edits_no_line() or not self._sleeps():
            assert time.monotonic() < deadline, f"no key is waited for within {PATIENCE} s"
            time.sleep(0.005)
        os.write(self._descriptor, text.encode())

    def _edits_no_line(self) -> bool:
        return bool(termios.tcgetattr(self._descriptor)[3] & termios.ICANON)  # the fourth: local modes

    def _sleeps(self) -> bool:
        return Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()[0] == "S"

    def until(self, text: str) -> str:
        """What is shown from here on, up to the first that ends with a text."""
        awaited, deadline = text.encode(), time.monotonic() + PATIENCE
        while awaited not in self._shown:
            piece = self._read(deadline)
            assert piece, f"it ended without {text!r} after {self._shown!r}"
            self._shown += piece
        shown, found, self._shown = self._shown.partition(awaited)
        return (shown + found).decode(errors="replace")

    def rest(self) -> str:
        """What is shown until the process lets go of the terminal."""
        deadline = time.monotonic() + PATIENCE
        while piece := self._read(deadline):
            self._shown += piece
        shown, self._shown = self._shown, b""
        return shown.decode(errors="replace")

    def status(self) -> int:
        """How it ended."""
        return self.process.wait(PATIENCE)

    def _read(self, deadline: float) -> bytes:
        ready, _, _ = select.select([self._descriptor], [], [], max(0, deadline - time.monotonic()))
        assert ready, f"nothing more within {PATIENCE} s after {self._shown!r}"
        try:
            return os.read(self._descriptor, 65_536)
        except OSError:  # Linux: nobody has the terminal open any more
            return b""


@contextmanager
def on_terminal(*command: str, cwd: Path, columns: int = 80, **variables: str) -> Iterator[Terminal]:
    """A command, by default of `quoth`, on a terminal that is so many columns wide."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-ISc", _TAKE_TERMINAL, *command],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        cwd=cwd,
        env=environment(TERM="xterm-256color", **variables),
    )
    os.close(theirs)
    try:
        yield Terminal(process, ours)
    finally:
        process.kill()
        process.wait(PATIENCE)
        os.close(ours)


class Service:
    """`quoth run` while it runs, and the lines that it has printed so far."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.lines: list[str] = []
        self._reading = asyncio.create_task(self._read())

    async def logged(self, text: str, times: int = 1) -> str:
        """The last of so many lines that hold a text; they may be still to come."""
        async with asyncio.timeout(PATIENCE):
            while len(found := [line for line in self.lines if text in line]) < times:
                assert not self._reading.done(), f"it ended without {text!r}: {self.lines}"
                await asyncio.sleep(0.005)
        return found[times - 1]

    async def end(self) -> int:
        """The status with which it ends by itself."""
        async with asyncio.timeout(PATIENCE):
            await self._reading
            return await self.process.wait()

    async def _read(self) -> None:
        if self.process.stdout:
            async for line in self.process.stdout:
                self.lines.append(line.decode())

    async def stop(self, number: Signals = SIGTERM) -> int:
        """The status with which it ends on a signal."""
        self.process.send_signal(number)
        return await self.end()


@asynccontextmanager
async def running(
    server: TelegramServer,
    folder: Path,
    output: int = asyncio.subprocess.PIPE,
    /,
    *,
    program: str = "",
    **variables: str,
) -> AsyncIterator[Service]:
    """The bot in a folder, killed if the test has not ended it.

    In the end the token is in no byte that it wrote, and no traceback either.

    Args:
        program: Python that runs in place of the command.
        output: where it prints, if nobody is to read its lines.
    """
    command = [sys.executable, "-c", program] if program else [str(QUOTH), "run"]
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=output,
        stderr=asyncio.subprocess.STDOUT,
        cwd=folder,
        env=environment(
            **{"QUOTH_TELEGRAM_TOKEN": server.token, "QUOTH_TELEGRAM_API_URL": server.url, **variables},
        ),
    )
    service = Service(process)
    try:
        yield service
    finally:
        if process.returncode is None:
            process.kill()
        await service.end()
    printed, files = "".join(service.lines), contents(folder)
    for secret in (server.token, server.token.partition(":")[2]):
        assert secret not in printed
        assert not any(secret.encode() in content for content in files.values())
    assert "Traceback" not in printed
    assert "Warning" not in printed


@contextmanager
def full_pipe() -> Iterator[int]:
    """The end to write to of a pipe that is full, and that nobody reads."""
    ours, theirs = os.pipe()
    os.set_blocking(theirs, False)
    with suppress(BlockingIOError):
        while True:
            os.write(theirs, bytes(select.PIPE_BUF))
    os.set_blocking(theirs, True)
    try:
        yield theirs
    finally:
        os.close(ours)
        os.close(theirs)


def contents(folder: Path) -> dict[str, bytes]:
    """The bytes of the files in a folder, but for the settings."""
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file() and file.name != ".env"}


async def until(is_so: Callable[[], bool], patience: float = PATIENCE) -> None:
    """Waits for what has no event of its own."""
    async with asyncio.timeout(patience):
        while not is_so():  # noqa: ASYNC110  # it has none
            await asyncio.sleep(0.005)


def cpu_ms(pid: int) -> float:
    """How long a process has kept a processor busy."""
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) * 1_000 / os.sysconf("SC_CLK_TCK")


def resident_kb(pid: int) -> int:
    """How much memory a process has."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * resource.getpagesize() // 1024
