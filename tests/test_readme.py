"""The README keeps to what is there: settings, commands, files and packages."""

import re
import tomllib
from pathlib import Path

import pytest
import typer

from bot.__main__ import app
from bot.settings import Settings, variable
from retrieval.index import Index

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def rows(section: str) -> list[list[str]]:
    """The cells of the tables of a section, their heads left out."""
    text = README.split(f"\n## {section}\n")[1].split("\n## ")[0]
    tables = re.findall(r"\|[^\n]*\n\| --- [^\n]*\n((?:\|[^\n]*\n)+)", text)
    lines = "".join(tables).splitlines()
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def test_the_conversation_at_the_top_shows_the_quotes_that_the_seeds_are_answered_with(index: Index) -> None:
    example = README.split("```")[1]
    (question,) = re.findall(r"(?m)^you +(.+)$", example)
    places = [(citation.file, str(citation.paragraph)) for citation in index.ask(question).citations]

    assert re.findall(r"· (\S+\.txt) · paragraph (\d+)", example) == places


def test_the_settings_table_is_that_of_the_settings() -> None:
    def shown(default: object) -> str:
        return "" if default in {None, frozenset()} else f"`{default}`"

    fields = Settings.model_fields.items()

    assert [(name, default, meaning) for name, default, meaning in rows("Settings")] == [
        (f"`{variable(name)}`", shown(field.default), field.description) for name, field in fields
    ]


def test_every_command_is_in_the_table_with_options_that_exist() -> None:
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]  # a group has them
    listed = [cell for cell, *_ in rows("Try it")]

    assert {re.match(r"`quoth (\w+)", cell)[1] for cell in listed if "--version" not in cell} == set(commands)  # type: ignore[index]  # each row begins so
    for cell in listed:
        name = re.match(r"`quoth (\w+)", cell)
        options = re.findall(r"--[a-z]+", cell)
        known = {opt for parameter in commands[name[1]].params for opt in parameter.opts} if name else set()
        assert set(options) <= known | {"--version", "--help"}


def test_every_runtime_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["web"]
    needed = {re.split(r"[<>=]", requirement)[0] for requirement in wanted}

    assert {package.lower() for package, reason in rows("Dependencies") if reason} == needed


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:bot|retrieval|tests|deploy|seeds)/[\w./]+)`", README))))
def test_every_file_that_is_named_exists(path: str) -> None:
    assert (ROOT / path).exists()


def test_the_two_commands_for_a_fresh_machine_install_what_the_project_defines() -> None:
    first, second = re.findall(r"```sh\n(.*)\n```", README)

    assert first == 'python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/quoth ask "who appointed Kyzym"'
    assert second == "python3 -m venv .venv && .venv/bin/pip install -e '.[test]' && .venv/bin/pytest"
