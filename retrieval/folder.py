"""A folder of documents, read: every file with a reader, in order of file name, under what `sources.toml` says.

One bad file costs that file alone: it is named in `Folder.problems`, and the others serve.
"""

from __future__ import annotations

import os
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from retrieval.errors import DocumentError, FolderError
from retrieval.formats import READERS, Reading
from retrieval.sources import FILE_NAME, Statement, apply_ranges, check_unchanged, read_sources
from retrieval.types import QUOTABLE, Block, Document, Kind, Source, Watch, unwatched


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a file, as a sentence without its subject."""

    file: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}: {self.message}."


@dataclass(frozen=True, slots=True)
class Folder:
    """What was read, what was wrong, and which files no reader knows."""

    documents: tuple[Document, ...]
    problems: tuple[Problem, ...]
    ignored: tuple[str, ...]


def read_folder(path: Path, watch: Watch = unwatched) -> Folder:
    """The documents of a folder and of its sub-folders; names that begin with a dot are passed over.

    Raises:
        FolderError: there is no such folder, it cannot be listed, or it holds no file that a reader knows.
        SourcesError: its `sources.toml` cannot be understood.
    """
    files, problems = _files(path)
    statements = _statements(path)
    known = {name: file for name, file in files.items() if file.suffix.lower() in READERS}
    if not known:
        endings = " or ".join(READERS)
        raise FolderError(f"The folder of documents “{_shown(str(path))}” holds no {endings} file.")
    for name in sorted(statements.keys() - known.keys()):
        why = "no reader knows" if name in files else "is not in the folder"
        problems.append(Problem(FILE_NAME, f"it describes {name}, which {why}"))
    documents = []
    for name, file in watch(list(known.items()), "Reading"):
        try:
            document, doubts = _read(name, file, statements.get(name))
        except DocumentError as error:
            problems.append(Problem(name, str(error)))
        else:
            documents.append(document)
            problems += doubts
    ignored = tuple(name for name in files if name not in known and name != FILE_NAME)
    return Folder(tuple(documents), tuple(problems), ignored)


def _files(path: Path) -> tuple[dict[str, Path], list[Problem]]:
    """All files by name, relative and with forward slashes, in order of name; and subfolders that stay closed."""

    def fail(error: OSError) -> None:
        if Path(error.filename) == path:
            raise error
        closed = _shown(Path(error.filename).relative_to(path).as_posix())
        problems.append(Problem(closed, f"the folder cannot be listed: {error.strerror}"))

    found: dict[str, Path] = {}
    problems: list[Problem] = []
    try:
        if not path.is_dir():
            path.stat()  # says why
            raise NotADirectoryError(20, "it is not a folder")
        for folder, subfolders, names in os.walk(path, onerror=fail):
            subfolders[:] = [name for name in subfolders if not name.startswith(".")]
            for name in names:
                if not name.startswith("."):
                    file = Path(folder, name)
                    found[_shown(file.relative_to(path).as_posix())] = file
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise FolderError(f"The folder of documents “{_shown(str(path))}” cannot be read: {reason}.") from error
    return dict(sorted(found.items())), problems


def _shown(name: str) -> str:
    r"""A file name as text: bytes that are no UTF-8 are written out, as in \xff.txt."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _statements(path: Path) -> dict[str, Statement]:
    try:
        content = (path / FILE_NAME).read_bytes()
    except OSError as error:
        if not os.path.lexists(path / FILE_NAME):
            return {}
        raise FolderError(f"{FILE_NAME} cannot be read: {error.strerror}.") from error
    return read_sources(content)


def _read(name: str, file: Path, statement: Statement | None) -> tuple[Document, list[Problem]]:
    """The document, and what is wrong with the statements about it.

    Raises:
        DocumentError: the file cannot be read.
    """
    data = _bytes(file)
    reading = READERS[file.suffix.lower()](data)
    if statement is None:
        return _document(name, reading, reading.blocks, Source()), []
    try:
        check_unchanged(statement, data)
        blocks = apply_ranges(statement.ranges, reading.text, reading.blocks)
    except DocumentError as error:
        # What was said of another text is not repeated; the wish to leave comments out still holds.
        silent = Source(comments=statement.source.comments)
        return _document(name, reading, _salvaged(statement, reading), silent), [Problem(name, str(error))]
    return _document(name, reading, blocks, statement.source), []


def _salvaged(statement: Statement, reading: Reading) -> list[Block]:
    """The blocks under those ranges that still stand in a text that has changed."""
    blocks = reading.blocks
    for entry in statement.ranges:
        with suppress(DocumentError):
            blocks = apply_ranges([entry], reading.text, blocks)
    return blocks


def _bytes(file: Path) -> bytes:
    try:
        if not file.is_file():  # a pipe would block for ever, a link may lead nowhere
            raise DocumentError("it is not a regular file, or a link that leads nowhere")
        return file.read_bytes()
    except OSError as error:
        raise DocumentError(f"it cannot be read: {error.strerror}") from error


def _document(name: str, reading: Reading, blocks: list[Block], source: Source) -> Document:
    placed = _placed(reading.text, blocks)
    warnings = reading.warnings
    if not any(block.kind in QUOTABLE for block in placed):
        warnings += ("it holds nothing to quote",)
    return Document(name, reading.text, tuple(placed), source, warnings)


def _placed(text: str, blocks: list[Block]) -> list[Block]:
    """The blocks with their paragraph numbers, and the headings that article text stands under."""
    placed, heading, counts = [], None, Counter[Kind]()
    for block in blocks:
        if block.kind is Kind.HEADING:
            heading = " ".join(text[block.start : block.end].split())
        if block.kind in QUOTABLE:
            counts[block.kind] += 1
            above = heading if block.kind is Kind.TEXT else None
            placed.append(replace(block, heading=above, paragraph=counts[block.kind]))
        else:
            placed.append(block)
    return placed
