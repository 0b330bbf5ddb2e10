"""The settings: environment variables and `.env`, prefix QUOTH_.

Read where the program is put together (`bot/__main__.py`), nowhere below. The names are a contract with the
operators: all are accepted even where a release does not use one yet.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, Self

from dotenv.parser import parse_stream
from pydantic import AnyHttpUrl, BeforeValidator, Field, SecretStr, TypeAdapter, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dotenv.parser import Binding

PREFIX = "QUOTH_"
_ENV_FILE = ".env"
_PORTS = range(1, 65_536)
#: What Telegram takes as a secret: https://core.telegram.org/bots/api#setwebhook
_SECRET = re.compile("[A-Za-z0-9_-]{1,256}")
_WEBHOOK_LISTENS = "127.0.0.1:8080"


def _ids(value: object) -> object:
    """Comma-separated ids as a list; an empty text is an empty list."""
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


Ids = Annotated[frozenset[int], NoDecode, BeforeValidator(_ids)]


class Settings(BaseSettings):
    """What the operator decides. The description of each field is its row in the README."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=_ENV_FILE, env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore"
    )

    telegram_token: SecretStr | None = Field(None, description="The bot's token, from @BotFather; `quoth run` needs it")
    telegram_api_url: str = Field(
        "https://api.telegram.org", description="Root of the Bot API server; `/bot<token>/` is appended"
    )
    seeds: Path = Field(Path("seeds"), description="The folder of documents")
    database: Path = Field(Path("quoth.sqlite3"), description="Inbox and usage log; their key is kept beside it")
    admins: Ids = Field(frozenset(), description="Telegram ids of the operators, comma-separated; always let in")
    allowed_users: Ids = Field(frozenset(), description="Ids of the people who may ask")
    allowed_chats: Ids = Field(frozenset(), description="Ids of the chats where anybody may ask; both lists empty: all")
    webhook_url: str | None = Field(
        None, description="Public https address that Telegram delivers messages to; without it the bot polls"
    )
    webhook_secret: SecretStr | None = Field(
        None, description="What proves that Telegram delivers: letters, digits, `_` and `-`; a webhook needs it"
    )
    listen: str | None = Field(
        None, description="`host:port` for health, metrics and the webhook, which by default has 127.0.0.1:8080"
    )
    public_url: str | None = Field(None, description="Address of the reading page; not used yet")
    questions_per_minute: int = Field(30, ge=0, description="Questions a minute for each person; 0: no limit")
    backlog_minutes: int = Field(
        60, ge=1, description="After an outage: older questions are not answered, their chat gets a note"
    )
    retention_days: int = Field(0, ge=0, description="Days after which the usage log forgets a question; 0: never")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="How much is logged")
    log_format: Literal["text", "json"] = Field("text", description="`text` or `json`, a line for each event")

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("telegram_token", mode="before")
    @classmethod
    def _stripped(cls, value: object) -> object:
        return value.strip() or None if isinstance(value, str) else value

    @field_validator("telegram_api_url", "webhook_url", "public_url")
    @classmethod
    def _address(cls, value: str | None) -> str | None:
        if value is not None:
            TypeAdapter(AnyHttpUrl).validate_python(value)
        return value.rstrip("/") if value else value

    @field_validator("webhook_secret")
    @classmethod
    def _sendable(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _SECRET.fullmatch(value.get_secret_value()):
            raise ValueError("it has 1 to 256 letters A-Z and a-z, digits, _ and -")
        return value

    @field_validator("listen")
    @classmethod
    def _host_and_port(cls, value: str | None) -> str | None:
        host, _, port = (value or "").rpartition(":")
        if value is not None and not (host and port.isdecimal() and int(port) in _PORTS):
            raise ValueError("it is written as host:port, such as 127.0.0.1:8080")
        return value

    @property
    def address(self) -> str | None:
        """Where the bot listens, if it does."""
        return self.listen or (_WEBHOOK_LISTENS if self.webhook_url else None)

    @classmethod
    def load(cls) -> Self:
        """The settings of this process.

        Raises:
            SettingsError: a value is wrong, or `.env` names a setting that does not exist or cannot be understood.
        """
        _check_env_file()
        try:
            return cls()
        except ValidationError as error:
            raise SettingsError(_sentence(error)) from None  # the cause would hold the value


def variable(field: str) -> str:
    """The environment variable of a field."""
    return PREFIX + field.upper()


def unknown_names(names: Iterable[str]) -> list[str]:
    """Names that begin like a setting and are none."""
    known = {variable(field) for field in Settings.model_fields}
    return [name for name in names if name.upper().startswith(PREFIX) and name.upper() not in known]


def _check_env_file() -> None:
    """Refuses what python-dotenv would pass over with a warning: lines it cannot understand, names nobody knows."""
    for line in _env_lines():
        if line.error:
            raise SettingsError(
                f"{_ENV_FILE}, line {line.original.line} cannot be understood; write NAME=value, "
                "with both quotation marks or none."
            )
        for name in unknown_names([line.key or ""]):
            raise SettingsError(f"{name} in {_ENV_FILE} is not a setting of Quoth; the README lists them all.")


def _env_lines() -> list[Binding]:
    if not Path(_ENV_FILE).is_file():
        return []
    try:
        with Path(_ENV_FILE).open(encoding="utf-8") as file:
            return list(parse_stream(file))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{_ENV_FILE} cannot be read: {error}.") from error


def _sentence(error: ValidationError) -> str:
    """The first thing that is wrong, without the value: it may be the token."""
    first = error.errors(include_url=False, include_input=False)[0]
    reason = str(first["msg"]).removeprefix("Value error, ").replace("Input should", "it should")
    return f"{variable(str(first['loc'][0]))} is wrong: {reason}."
