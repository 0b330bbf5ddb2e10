"""The settings: every name of the contract, their defaults, and one line for what is wrong."""

import os
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import PREFIX, Settings, variable
from tests.processes import quoth

TOKEN = "123456:AAHhJk-a_secret_token_of_a_bot_9"

#: A right value for each name that an operator may set, and what becomes of it.
CONTRACT: dict[str, tuple[str, object]] = {
    "TELEGRAM_TOKEN": (TOKEN, TOKEN),
    "TELEGRAM_API_URL": ("http://127.0.0.1:8081/", "http://127.0.0.1:8081"),
    "SEEDS": ("/data/seeds", Path("/data/seeds")),
    "DATABASE": ("/data/usage.sqlite3", Path("/data/usage.sqlite3")),
    "ADMINS": ("1001", frozenset({1001})),
    "ALLOWED_USERS": ("1001,1002, 1003 ,", frozenset({1001, 1002, 1003})),
    "ALLOWED_CHATS": ("-1001234567890,5", frozenset({-1001234567890, 5})),
    "WEBHOOK_URL": ("https://bot.example.org/hook", "https://bot.example.org/hook"),
    "WEBHOOK_SECRET": ("se-cret_1", "se-cret_1"),
    "LISTEN": ("127.0.0.1:8080", "127.0.0.1:8080"),
    "PUBLIC_URL": ("https://read.example.org/", "https://read.example.org"),
    "QUESTIONS_PER_MINUTE": ("0", 0),
    "BACKLOG_MINUTES": ("15", 15),
    "RETENTION_DAYS": ("90", 90),
    "LOG_LEVEL": ("debug", "DEBUG"),
    "LOG_FORMAT": ("json", "json"),
}
DEFAULTS: dict[str, object] = {
    "telegram_token": None,
    "telegram_api_url": "https://api.telegram.org",
    "seeds": Path("seeds"),
    "database": Path("quoth.sqlite3"),
    "admins": frozenset(),
    "allowed_users": frozenset(),
    "allowed_chats": frozenset(),
    "webhook_url": None,
    "webhook_secret": None,
    "listen": None,
    "public_url": None,
    "questions_per_minute": 30,
    "backlog_minutes": 60,
    "retention_days": 0,
    "log_level": "INFO",
    "log_format": "text",
}


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.upper().startswith(PREFIX):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def write_env(text: str, encoding: str = "utf-8") -> None:
    Path(".env").write_text(text, encoding)


def plain(settings: Settings) -> dict[str, object]:
    """The settings with their secrets laid open."""
    values = {name: getattr(settings, name) for name in Settings.model_fields}
    return {name: getattr(value, "get_secret_value", lambda value=value: value)() for name, value in values.items()}


def complaint() -> str:
    """The one line that is said of settings that are wrong."""
    with pytest.raises(SettingsError) as raised:
        Settings.load()
    message = str(raised.value)
    assert TOKEN not in message
    assert len(message.splitlines()) == 1
    assert raised.value.__cause__ is None or TOKEN not in str(raised.value.__cause__)
    return message


def test_the_names_are_those_of_the_contract() -> None:
    assert {variable(field) for field in Settings.model_fields} == {PREFIX + name for name in CONTRACT}
    assert all(field.description for field in Settings.model_fields.values())


def test_without_a_word_everything_has_a_default() -> None:
    assert plain(Settings.load()) == DEFAULTS


@pytest.mark.parametrize("name", CONTRACT)
def test_every_setting_is_taken_from_the_environment(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given, meant = CONTRACT[name]
    monkeypatch.setenv(PREFIX + name, given)
    assert plain(Settings.load()) == DEFAULTS | {name.lower(): meant}


def test_every_setting_is_taken_from_the_env_file() -> None:
    write_env("# of the bot\n" + "".join(f"{PREFIX}{name}={given}\n" for name, (given, _) in CONTRACT.items()))
    assert plain(Settings.load()) == {name.lower(): meant for name, (_, meant) in CONTRACT.items()}


def test_the_environment_goes_before_the_env_file(monkeypatch: pytest.MonkeyPatch) -> None:
    write_env("QUOTH_SEEDS=file\nQUOTH_DATABASE=file\n")
    monkeypatch.setenv("QUOTH_SEEDS", "environment")
    settings = Settings.load()
    assert (settings.seeds, settings.database) == (Path("environment"), Path("file"))


@pytest.mark.parametrize("name", CONTRACT)
def test_an_empty_value_is_the_default(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PREFIX + name, "")
    assert plain(Settings.load()) == DEFAULTS
    monkeypatch.delenv(PREFIX + name)
    write_env(f"{PREFIX}{name}=\n")
    assert plain(Settings.load()) == DEFAULTS


def test_white_space_around_the_token_is_no_part_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUOTH_TELEGRAM_TOKEN", f" {TOKEN}\n")
    assert plain(Settings.load())["telegram_token"] == TOKEN


@pytest.mark.parametrize("token", [" ", "\n", "\t "])
def test_a_blank_token_is_none(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUOTH_TELEGRAM_TOKEN", token)
    assert Settings.load().telegram_token is None


def test_an_env_file_of_a_windows_editor_is_read() -> None:
    write_env("QUOTH_SEEDS=документи\r\nQUOTH_ADMINS=5\r\n", "utf-8-sig")
    settings = Settings.load()
    assert (settings.seeds, settings.admins) == (Path("документи"), frozenset({5}))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("TELEGRAM_API_URL", value) for value in ("api.telegram.org", "ftp://api.telegram.org", "https://")),
        *(("ADMINS", value) for value in ("@me", "1001;1002", "1.5", "1 2")),
        *(("ALLOWED_USERS", value) for value in ("anybody", "1001,me")),
        ("ALLOWED_CHATS", "-100x"),
        ("WEBHOOK_URL", "bot.example.org"),
        *(("WEBHOOK_SECRET", value) for value in ("a secret", "сек", "x" * 257, "a+b")),
        ("PUBLIC_URL", "bot.example.org"),
        *(
            ("LISTEN", value)
            for value in ("8080", ":8080", "localhost", "localhost:", "localhost:0", "localhost:65536")
        ),
        *(("QUESTIONS_PER_MINUTE", value) for value in ("-1", "many", "1.5")),
        *(("BACKLOG_MINUTES", value) for value in ("0", "an hour", "1.5")),
        ("RETENTION_DAYS", "-1"),
        ("LOG_LEVEL", "LOUD"),
        ("LOG_FORMAT", "xml"),
    ],
)
def test_a_wrong_value_is_named_by_its_variable(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUOTH_TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv(PREFIX + name, value)
    assert complaint().startswith(f"{PREFIX}{name} is wrong: ")
    monkeypatch.delenv(PREFIX + name)
    write_env(f"{PREFIX}{name}={value}")
    assert complaint().startswith(f"{PREFIX}{name} is wrong: ")


@pytest.mark.parametrize("name", [name for name in CONTRACT if name not in {"TELEGRAM_TOKEN", "WEBHOOK_SECRET"}])
def test_a_token_in_the_wrong_place_is_not_repeated(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PREFIX + name, TOKEN)
    if name not in {"SEEDS", "DATABASE"}:  # a file may have any name
        assert f"{PREFIX}{name} is wrong: " in complaint()


@pytest.mark.parametrize("name", ["QUOTH_TOKEN", "QUOTH_SEED", "quoth_seed", "QUOTH_"])
def test_a_name_in_the_env_file_that_is_no_setting_is_refused(name: str) -> None:
    write_env(f"QUOTH_SEEDS=seeds\nPATH=/bin\n{name}={TOKEN}\n")
    assert complaint() == f"{name} in .env is not a setting of Quoth; the README lists them all."


def test_names_of_other_programs_are_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    write_env("SEEDS=elsewhere\nTELEGRAM_TOKEN=1\nQUOTHSEEDS=x\n")
    monkeypatch.setenv("QUOTH_OF_ANOTHER_PROGRAM", "1")
    assert plain(Settings.load()) == DEFAULTS


def test_an_env_file_that_is_no_text_is_named() -> None:
    Path(".env").write_bytes(b"QUOTH_SEEDS=\xff\xfe\n")
    assert complaint().startswith(".env cannot be read: ")


@pytest.mark.parametrize("line", ["QUOTH_SEEDS /data", 'QUOTH_SEEDS="/data', "QUOTH SEEDS=/data"])
def test_a_line_of_the_env_file_that_cannot_be_understood_is_named(line: str) -> None:
    write_env(f"QUOTH_ADMINS=5\n{line}\n")
    message = complaint()
    assert ".env" in message
    assert "line 2" in message


def test_no_secret_shows_in_what_is_printed_of_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUOTH_TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("QUOTH_WEBHOOK_SECRET", "se-cret_1")
    settings = Settings.load()
    for printed in (repr(settings), str(settings), settings.model_dump_json()):
        assert TOKEN not in printed
        assert "se-cret_1" not in printed


# The command


def test_a_name_that_is_no_setting_is_a_warning(tmp_path: Path) -> None:
    ended = quoth("check", cwd=tmp_path, QUOTH_SEED="documents")
    assert ended.status == 0
    assert ended.complaint.startswith("quoth: QUOTH_SEED is set, but is not a setting of Quoth")


def test_a_wrong_setting_is_one_line(tmp_path: Path) -> None:
    ended = quoth("ask", "x", cwd=tmp_path, QUOTH_LOG_LEVEL="LOUD")
    assert (ended.status, ended.out) == (2, "")
    assert ended.complaint.startswith("quoth: QUOTH_LOG_LEVEL is wrong: ")


def test_a_line_of_the_env_file_that_cannot_be_understood_is_one_line(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("QUOTH_TELEGRAM_TOKEN 123456:ABC\n", encoding="utf-8")
    ended = quoth("ask", "x", cwd=tmp_path)
    assert (ended.status, ended.out) == (2, "")
    assert ".env" in ended.complaint
