"""The command `quoth`.

Imports are late: `--help` needs no numpy, `ask` no Telegram.
"""

from __future__ import annotations

import os
import signal
import sys
from importlib.metadata import version
from pathlib import Path
from select import select
from typing import TYPE_CHECKING, Annotated

import typer

from bot.errors import BotError, CommandError
from bot.terminal_text import harmless, on_one_line
from retrieval.errors import JudgementError, RetrievalError

if TYPE_CHECKING:
    from rich.console import Console

    from bot.settings import Settings
    from retrieval.folder import Folder
    from retrieval.index import Index

_PROBLEM, _BAD_FOLDER, _INTERRUPTED = 1, 2, 130
_PATIENCE = 2  # seconds that whoever reads standard error is waited for
_STREAMS = {"stdin": "r", "stdout": "w", "stderr": "w"}
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

    telegram.check(settings)
    telegram.run(settings, settings.telegram_token.get_secret_value(), _index(settings))


@app.command()
def ask(
    question: Annotated[list[str] | None, typer.Argument(help="The question; quotation marks are optional.")] = None,
    *,
    json: Annotated[
        bool, typer.Option("--json", help="Questions from standard input, one a line; answers as JSON Lines.")
    ] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Show what the answer rests on.")] = False,
) -> None:
    """Answer a question in the terminal."""
    if question is None and (explain or not json):
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

    asked, out = " ".join(question or []), console()
    show(answer(index, wording(None), asked).message, out)
    if explain:
        _explain(index, asked, out)


def _explain(index: Index, question: str, out: Console) -> None:
    from bot.tables import show_explanation  # noqa: PLC0415

    why = index.explain(question)
    out.print()
    if why is None:
        out.print("Nothing was searched: this is a greeting, holds no word to search for, or is too long.")
    else:
        show_explanation(why, out)


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
    from bot.tables import show_blocks, show_folder  # noqa: PLC0415
    from bot.terminal import console  # noqa: PLC0415

    if blocks:
        show_blocks(folder, console())
    show_folder(folder, console())
    if folder.problems:
        raise typer.Exit(_PROBLEM)


@app.command(name="eval")
def evaluate(
    file: Annotated[Path, typer.Argument(help="Judged questions, JSON Lines.")],
    *,
    json: Annotated[bool, typer.Option("--json", help="The figures as JSON.")] = False,
) -> None:
    """Ask judged questions and show how well they were answered."""
    from retrieval.evaluation import as_json, evaluate, read_judgements  # noqa: PLC0415

    try:
        judgements = read_judgements(file.read_text("utf-8").split("\n"))
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{file} cannot be read: {error}.") from error
    except JudgementError as error:
        raise CommandError(f"{file}: {error}.") from error
    if not judgements:
        raise CommandError(f"{file} holds no judgement.")
    from bot.progress import watch  # noqa: PLC0415
    from bot.tables import show_figures  # noqa: PLC0415
    from bot.terminal import console  # noqa: PLC0415

    figures = evaluate(_index(_settings()), judgements, watch)
    if json:
        sys.stdout.write(as_json(figures) + "\n")
    else:
        show_figures(figures, console())


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="Where the copy is to be; its key goes beside it.")]) -> None:
    """Copy the database and its key, also while the bot runs."""
    from bot.backup import back_up  # noqa: PLC0415
    from bot.progress import watch  # noqa: PLC0415

    back_up(_settings().database, file, watch)


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
        _complain(on_one_line(str(problem)))
    if not folder.documents:
        raise CommandError("None of the documents could be read.", _PROBLEM)
    return Index(folder.documents, watch)


def _complain(message: str) -> None:
    """Says on standard error what is wrong, unless nobody reads it any more, which would keep back the end."""
    if select([], [sys.stderr], [], _PATIENCE)[1]:
        sys.stderr.write(f"quoth: {harmless(message)}\n")


def main() -> None:
    """Runs the command and ends the process: every expected failure is one clear message, never a traceback."""
    _prepare_streams()
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # whoever reads has left: end at once, as any tool in a pipe
    sys.exit(_status())


def _prepare_streams() -> None:
    """Makes the standard streams usable: a closed one leads nowhere, and each carries any text, whatever the locale."""
    for name, mode in _STREAMS.items():
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115  # closed by the end
        getattr(sys, name).reconfigure(errors="replace")


def _status() -> int:
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
    except (KeyboardInterrupt, typer.Abort):  # pragma: no cover  # between two commands: typer ends those itself
        return _INTERRUPTED
    except OSError as error:
        _complain(f"{error.filename or 'The output'} cannot be written or read: {error.strerror or error}.")
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the interpreter flushes once more at its end
        return _PROBLEM
    return status if isinstance(status, int) else 0


if __name__ == "__main__":
    main()
