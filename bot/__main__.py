"""The command `quoth`.

Imports are late: `--help` needs no numpy, `ask` no Telegram.
"""

from __future__ import annotations

import os
import sys
from importlib.metadata import version
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from bot.errors import BotError, CommandError

if TYPE_CHECKING:
    from bot.settings import Settings
    from retrieval.folder import Folder
    from retrieval.index import Index

_PROBLEM, _BAD_FOLDER, _INTERRUPTED, _PIPE_CLOSED = 1, 2, 130, 141
_TOKENLESS = """\
No token: create a bot with @BotFather on Telegram and set QUOTH_TELEGRAM_TOKEN to the token it gives you.
To talk to the documents without Telegram, run: quoth chat"""

app = typer.Typer(
    name="quoth",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(value: bool) -> None:  # noqa: FBT001  # the shape of a typer callback
    if value:
        typer.echo(f"quoth {version('quoth')}")
        raise typer.Exit


@app.callback()
def quoth(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Answers questions about a folder of documents with the documents' own words."""


@app.command()
def run() -> None:
    """Run the bot on Telegram."""
    settings = _settings()
    if settings.telegram_token is None:
        raise CommandError(_TOKENLESS)
    from bot import app as telegram  # noqa: PLC0415

    telegram.run(settings, settings.telegram_token.get_secret_value(), _index(settings))


@app.command()
def ask(
    question: Annotated[list[str] | None, typer.Argument(help="The question; quotation marks are optional.")] = None,
    *,
    json: Annotated[
        bool, typer.Option("--json", help="Questions from standard input, one a line; answers as JSON Lines.")
    ] = False,
) -> None:
    """Answer a question in the terminal."""
    if question is None and not json:
        raise CommandError("What is the question? Write: quoth ask who …")
    index = _index(_settings())
    if json:
        from bot.json_lines import answer_lines, json_line  # noqa: PLC0415

        if question is None:
            answer_lines(index, sys.stdin.buffer, sys.stdout.buffer)
        else:
            sys.stdout.write(json_line(index.ask(" ".join(question))) + "\n")
        return
    from bot.commands import answer  # noqa: PLC0415
    from bot.terminal import console, show  # noqa: PLC0415
    from bot.wording import wording  # noqa: PLC0415

    show(answer(index, wording(None), " ".join(question or [])).message, console())


@app.command()
def chat() -> None:
    """Talk to the documents in the terminal: the bot without Telegram."""
    index = _index(_settings())
    from bot.terminal import converse  # noqa: PLC0415

    converse(index, sys.stdin)


@app.command()
def check(
    *, blocks: Annotated[bool, typer.Option("--blocks", help="Show every block with the reason for its kind.")] = False
) -> None:
    """Show how each file was read; exits with 1 on a problem."""
    folder = _folder(_settings())
    from bot.terminal import console, show_blocks, show_folder  # noqa: PLC0415

    if blocks:
        show_blocks(folder, console())
    show_folder(folder, console())
    if folder.problems:
        raise typer.Exit(_PROBLEM)


def _settings() -> Settings:
    from bot.settings import Settings, unknown_names  # noqa: PLC0415

    for name in unknown_names(os.environ):
        _complain(f"{name} is set, but is not a setting of Quoth; the README lists them all.")
    return Settings.load()


def _folder(settings: Settings) -> Folder:
    from bot.progress import watch  # noqa: PLC0415
    from retrieval.errors import FolderError  # noqa: PLC0415
    from retrieval.folder import read_folder  # noqa: PLC0415

    try:
        return read_folder(settings.seeds, watch)
    except FolderError as error:
        raise CommandError(f"{error} Set QUOTH_SEEDS to the folder of your documents.") from error


def _index(settings: Settings) -> Index:
    """The index of the folder; what could not be read is named on standard error."""
    from bot.progress import watch  # noqa: PLC0415
    from retrieval.index import Index  # noqa: PLC0415

    folder = _folder(settings)
    for problem in folder.problems:
        _complain(str(problem))
    if not folder.documents:
        raise CommandError("None of the documents could be read.", _PROBLEM)
    return Index(folder.documents, watch)


def _complain(message: str) -> None:
    sys.stderr.write(f"quoth: {message}\n")


def _forgiving(stream: TextIO) -> None:
    """Lets a stream carry any text, whatever the locale: a character it cannot show becomes a question mark."""
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="replace")


def main() -> None:
    """Runs the command and ends the process: every expected failure is one clear message, never a traceback."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        _forgiving(stream)
    sys.exit(_status())


def _status() -> int:
    from retrieval.errors import RetrievalError  # noqa: PLC0415

    try:
        status = app(standalone_mode=False)
        sys.stdout.flush()
    except BotError as error:
        _complain(str(error))
        return error.status
    except RetrievalError as error:
        _complain(str(error))
        return _BAD_FOLDER
    except typer.TyperException as error:
        message = error.format_message().rstrip(".")
        if message:  # without a command there is none: the help has been printed
            _complain(f"{message}. Try: quoth --help")
        return error.exit_code
    except (KeyboardInterrupt, typer.Abort):
        return _INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the interpreter flushes once more at its end
        return _PIPE_CLOSED
    return status if isinstance(status, int) else 0


if __name__ == "__main__":
    main()
