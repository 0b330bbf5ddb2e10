"""The parameters of a call as Telegram reads them, and the refusal that it answers otherwise.

A parameter reaches the server as a name and a text; lists and objects stand in that text as JSON, however the client
sent them. Where Telegram would quietly drop or trim something, this refuses: a test should hear of it.

Source of the limits, here and in the modules of texts, buttons and menus: https://core.telegram.org/bots/api
(Bot API 10.0).
"""

import json
import re
from collections.abc import Mapping
from typing import NoReturn
from urllib.parse import parse_qsl

from aiohttp import web

Json = dict[str, object]
Params = Mapping[str, str]


class RefusedError(Exception):
    """A call that Telegram turns down: the status, the description and perhaps what to do about it."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters


def refuse(why: str) -> NoReturn:
    """The answer to most mistakes: 400."""
    raise RefusedError(400, f"Bad Request: {why}")


# Requests


async def params_of(request: web.Request) -> Params:
    """The parameters of a call, wherever they stand: address, form, multipart or JSON."""
    try:
        params = {**_form(request.rel_url.raw_query_string), **await _params_of_body(request)}
    except UnicodeError:
        refuse("strings must be encoded in UTF-8")
    except (ValueError, LookupError, RecursionError, web.RequestPayloadError):
        refuse("can't parse the request")
    except web.HTTPRequestEntityTooLarge as error:
        raise RefusedError(413, "Request Entity Too Large") from error
    for text in (*params.keys(), *params.values()):
        check_utf8(text)
    return params


async def _params_of_body(request: web.Request) -> Params:
    match request.content_type:
        case "application/x-www-form-urlencoded":
            return _form((await request.read()).decode())
        case "multipart/form-data":
            parts = await request.post()
            return {name: part for name, part in parts.items() if isinstance(part, str)}
        case "application/json":
            given = as_object(json.loads(await request.read() or b"{}"), "request")
            return {name: _plain(value) for name, value in given.items() if value is not None}
    return {}


def _form(encoded: str) -> dict[str, str]:
    return dict(parse_qsl(encoded, keep_blank_values=True, errors="strict"))


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def integer(
    params: Params, name: str, default: int | None = None, *, low: int = -(2**63), high: int = 2**63 - 1
) -> int:
    """The number under a name, within its bounds; needed where there is no default."""
    given = params.get(name, "" if default is None else str(default))
    if not re.fullmatch("-?[0-9]{1,19}", given):
        refuse(f"{name} must be an integer")
    if not low <= int(given) <= high:
        refuse(f"{name} must be from {low} to {high}")
    return int(given)


def boolean(params: Params, name: str) -> bool:
    """The truth under a name, false when it is absent."""
    given = params.get(name, "false").lower()
    if given not in {"true", "false"}:
        refuse(f"{name} must be true or false")
    return given == "true"


def text_up_to(params: Params, name: str, longest: int) -> str:
    """The text under a name, empty when it is absent."""
    given = params.get(name, "")
    if len(given) > longest:
        refuse(f"{name} is longer than {longest} characters")
    return given


def objects(params: Params, name: str) -> list[Json]:
    """The objects listed under a name, none when it is absent."""
    given = _parsed(params, name)
    return [] if given is None else [as_object(each, name) for each in as_list(given, name)]


def integers(params: Params, name: str) -> list[int]:
    """The numbers listed under a name, none when it is absent."""
    given = _parsed(params, name)
    return [] if given is None else [as_integer(each, name) for each in as_list(given, name)]


def one_object(params: Params, name: str) -> Json | None:
    """The object under a name, if there is one."""
    given = _parsed(params, name)
    return None if given is None else as_object(given, name)


def strings(params: Params, name: str) -> list[str] | None:
    """The texts listed under a name; None when it is absent, which is not the same as an empty list."""
    given = _parsed(params, name)
    return None if given is None else [as_string(each, name) for each in as_list(given, name)]


def as_list(value: object, name: str) -> list[object]:
    """The value, if it is an array."""
    return value if isinstance(value, list) else refuse(f"{name} must be an array")


def as_object(value: object, name: str) -> Json:
    """The value, if it is an object."""
    return value if isinstance(value, dict) else refuse(f"{name} must be an object")


def as_string(value: object, name: str) -> str:
    """The value, if it is a string."""
    return value if isinstance(value, str) else refuse(f"{name} must be a string")


def as_integer(value: object, name: str) -> int:
    """The value, if it is an integer; to Python true is one too."""
    return value if isinstance(value, int) and not isinstance(value, bool) else refuse(f"{name} must be an integer")


def check_utf8(text: str) -> None:
    """Refuses half of a surrogate pair, which UTF-8 cannot carry."""
    try:
        text.encode()
    except UnicodeEncodeError:
        refuse("strings must be encoded in UTF-8")


def _parsed(params: Params, name: str) -> object:
    """The JSON under a name. An escape can smuggle in half of a surrogate pair: writing it out again shows it."""
    if name not in params:
        return None
    try:
        value: object = json.loads(params[name], parse_constant=_refuse_constant)
        plain = json.dumps(value, ensure_ascii=False) if "\\u" in params[name] else ""
    except (ValueError, RecursionError):
        refuse(f"can't parse {name} as JSON")
    check_utf8(plain)
    return value


def _refuse_constant(name: str) -> NoReturn:
    refuse(f"{name} is not JSON")
