"""What Telegram accepts in a call, and the refusal that it answers otherwise.

A parameter reaches the server as a name and a text; lists and objects stand in that text as JSON, however the client
sent them. Where Telegram would quietly drop or trim something, this refuses: a test should hear of it.

Source of the limits: https://core.telegram.org/bots/api (Bot API 10.0). Which nested entities survive was measured with
TDLib 1.8.69.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from itertools import accumulate, combinations
from typing import NoReturn
from urllib.parse import parse_qsl, urlsplit

from aiohttp import web

Json = dict[str, object]
Params = Mapping[str, str]

TEXT_UNITS = 4096  #: UTF-16 units. Telegram may count code points; what passes here passes there either way.
ENTITIES = 100
BUTTONS = 100
COMMANDS = 100
CALLBACK_DATA_BYTES = 64
COPY_TEXT_UNITS = 256
COMMAND_NAME = re.compile("[a-z0-9_]{1,32}")
COMMAND_DESCRIPTION = 256
PARSE_MODES = {"html", "markdown", "markdownv2"}

QUOTES = {"blockquote", "expandable_blockquote"}
STYLES = {"bold", "italic", "underline", "strikethrough", "spoiler"}
CODE = {"code", "pre"}
LINKS = {
    *("mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number"),
    *("text_link", "text_mention", "custom_emoji", "date_time"),
}
ENTITY_KINDS = QUOTES | STYLES | CODE | LINKS
ENTITY_NEEDS: dict[str, tuple[str, type]] = {
    "text_link": ("url", str),
    "text_mention": ("user", dict),
    "custom_emoji": ("custom_emoji_id", str),
    "date_time": ("unix_time", int),
}
TAGS = {
    *("b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "span", "tg-spoiler", "tg-emoji", "tg-time"),
    *("a", "code", "pre", "blockquote"),
}
TAG = re.compile(r"<(/?)([a-z][a-z-]*)((?: +[a-z-]+(?:=(?:\"[^\"<>]*\"|'[^'<>]*'))?)*) *>", re.IGNORECASE)
CHARACTER_REFERENCE = re.compile("&(?:#[0-9]+|#x[0-9a-f]+|lt|gt|amp|quot);", re.IGNORECASE)
BUTTON_ACTIONS = {
    *("url", "callback_data", "copy_text", "web_app", "pay", "login_url"),
    *("switch_inline_query", "switch_inline_query_current_chat", "switch_inline_query_chosen_chat"),
}
CHAT_ACTIONS = {
    *("typing", "choose_sticker", "find_location", "record_voice", "record_video", "record_video_note"),
    *("upload_voice", "upload_document", "upload_photo", "upload_video", "upload_video_note"),
}
SCOPE_NEEDS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("default", "all_private_chats", "all_group_chats", "all_chat_administrators"), ()),
    **dict.fromkeys(("chat", "chat_administrators"), ("chat_id",)),
    "chat_member": ("chat_id", "user_id"),
}


class RefusedError(Exception):
    """A call that Telegram turns down: the status, the description and perhaps what to do about it."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters


def refuse(why: str) -> NoReturn:
    """The answer to most mistakes: 400."""
    raise RefusedError(400, f"Bad Request: {why}")


# Messages


@dataclass(frozen=True, slots=True)
class Formatted:
    """The text of a message as its reader sees it."""

    text: str
    entities: list[Json]


def formatted(params: Params) -> Formatted:
    """The text of a message, checked.

    The tags of HTML are checked and taken out, but yield no entities; Markdown passes as it stands.
    """
    text, entities = params.get("text", ""), objects(params, "entities")
    mode = params.get("parse_mode", "").lower()
    if mode and mode not in PARSE_MODES:
        refuse("unsupported parse_mode")
    if mode and entities:
        refuse("parse_mode must not be combined with entities")
    text = _without_tags(text) if mode == "html" else text
    _check_text(text)
    _check_entities(text, entities)
    return Formatted(text, entities)


def utf16_length(text: str) -> int:
    """How long Telegram takes a text to be."""
    return len(text.encode("utf-16-le")) // 2


def _check_text(text: str) -> None:
    if not text:
        refuse("message text is empty")
    if not text.strip():
        refuse("text must be non-empty")
    if utf16_length(text) > TEXT_UNITS:
        refuse("message is too long")


def _without_tags(html: str) -> str:
    """The text between known tags, each of them closed in turn."""
    still_open: list[str] = []
    for tag in TAG.finditer(html):
        name = tag[2].lower()
        if name not in TAGS:
            refuse(f'can\'t parse entities: Unsupported start tag "{name}"')
        if not tag[1]:
            still_open.append(name)
        elif not still_open or still_open.pop() != name:
            refuse(f'can\'t parse entities: Unexpected end tag "{name}"')
    if still_open:
        refuse(f"can't parse entities: Can't find end tag corresponding to start tag \"{still_open[-1]}\"")
    text = TAG.sub("", html)
    if "<" in text:
        refuse("can't parse entities: Unsupported start tag")
    return CHARACTER_REFERENCE.sub(lambda reference: unescape(reference[0]), text)


# Entities


@dataclass(frozen=True, slots=True)
class Span:
    """Where an entity stands, in UTF-16 units."""

    kind: str
    start: int
    end: int


def _check_entities(text: str, entities: list[Json]) -> None:
    # Telegram ignores what comes after the hundredth: the last highlights would be missing.
    if len(entities) > ENTITIES:
        refuse(f"more than {ENTITIES} entities")
    edges = set(accumulate(map(utf16_length, text), initial=0))
    spans = [_span(entity, edges) for entity in entities]
    # A quotation over the same stretch as another entity goes around it.
    spans.sort(key=lambda span: (span.start, -span.end, span.kind not in QUOTES))
    for outer, inner in combinations(spans, 2):
        if inner.start < outer.end:
            _check_nesting(outer, inner)


def _span(entity: Json, edges: set[int]) -> Span:
    """The place of one entity, within the text and not in the middle of a character."""
    kind = as_string(entity.get("type"), "entity type")
    start = as_integer(entity.get("offset"), "entity offset")
    end = start + as_integer(entity.get("length"), "entity length")
    if kind not in ENTITY_KINDS:
        refuse(f"unsupported entity type {kind!a}")
    needed, needed_type = ENTITY_NEEDS.get(kind, ("type", str))
    if not isinstance(entity.get(needed), needed_type) or not entity[needed]:
        refuse(f"entity {kind} needs {needed}")
    if not isinstance(entity.get("language", ""), str):
        refuse("entity language must be a string")
    if start < 0 or end <= start or end > max(edges):
        refuse(f"entity {kind} from {start} to {end} is not within the text")
    if not {start, end} <= edges:
        refuse(f"entity {kind} from {start} to {end} cuts a surrogate pair")
    return Span(kind, start, end)


def _check_nesting(outer: Span, inner: Span) -> None:
    if inner.end > outer.end:
        refuse(f"entities {outer.kind} and {inner.kind} cross each other")
    if {outer.kind, inner.kind} <= QUOTES:
        refuse("blockquotes can't be nested")
    if _is_one_lost(outer, inner):
        refuse(f"entity {inner.kind} can't stand in {outer.kind}")


def _is_one_lost(outer: Span, inner: Span) -> bool:
    """Whether Telegram would show only one of two nested entities."""
    if outer.kind in QUOTES:
        return False
    if inner.kind in QUOTES:
        return outer.kind not in STYLES
    if outer.kind in STYLES or inner.kind in STYLES:
        return outer.kind in CODE or inner.kind in CODE
    return True


# Buttons


def keyboard(params: Params, *, inline_only: bool = False) -> Json | None:
    """The inline keyboard that will stay with the message, checked; None when it gets none."""
    markup = one_object(params, "reply_markup")
    if markup is None:
        return None
    if "inline_keyboard" not in markup:
        if inline_only or not any(markup.get(name) is True for name in ("force_reply", "remove_keyboard")):
            refuse("inline keyboard expected")
        return None
    rows = [as_list(row, "inline_keyboard") for row in as_list(markup["inline_keyboard"], "inline_keyboard")]
    buttons = [as_object(button, "inline keyboard button") for row in rows for button in row]
    if len(buttons) > BUTTONS:
        refuse("reply markup is too long")
    for button in buttons:
        _check_button(button)
    return markup if buttons else None


def _check_button(button: Json) -> None:
    if not as_string(button.get("text"), "button text").strip():
        refuse("inline keyboard button text must be non-empty")
    actions = sorted(BUTTON_ACTIONS & button.keys())
    if len(actions) != 1:
        refuse(f"inline keyboard button must do exactly one thing, not {actions or 'nothing'}")
    if not _is_action_right(actions[0], button[actions[0]]):
        refuse(f"BUTTON_{actions[0].removeprefix('callback_').upper()}_INVALID")


def _is_action_right(action: str, value: object) -> bool:
    match action, value:
        case ("url", str()):
            return is_link(value)
        case ("callback_data", str()):
            return 1 <= len(value.encode()) <= CALLBACK_DATA_BYTES
        case ("copy_text", {"text": str(text)}):
            return 1 <= utf16_length(text) <= COPY_TEXT_UNITS
        case ("web_app" | "login_url", {"url": str(url)}):
            return is_link(url, {"https"})
        case ("switch_inline_query" | "switch_inline_query_current_chat", str()):
            return True
    return (action, type(value)) == ("switch_inline_query_chosen_chat", dict) or (action == "pay" and value is True)


def is_link(url: str, schemes: frozenset[str] | set[str] = frozenset({"http", "https", "tg"})) -> bool:
    """Whether Telegram can open an address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in schemes and bool(parts.netloc) and not re.search(r"\s", url)


# Commands


def commands(params: Params) -> list[Json]:
    """The commands of a menu, checked."""
    listed = objects(params, "commands")
    if len(listed) > COMMANDS:
        refuse("BOT_COMMANDS_TOO_MUCH")
    for command in listed:
        if not COMMAND_NAME.fullmatch(as_string(command.get("command"), "command")):
            refuse("BOT_COMMAND_INVALID")
        if not 1 <= len(as_string(command.get("description"), "command description")) <= COMMAND_DESCRIPTION:
            refuse("BOT_COMMAND_DESCRIPTION_INVALID")
    return listed


def scope(params: Params) -> str:
    """Whom a menu is for: a type and its ids, as in "chat_member -100200 7"."""
    given = one_object(params, "scope") or {"type": "default"}
    kind = as_string(given.get("type"), "scope type")
    if kind not in SCOPE_NEEDS:
        refuse("unsupported BotCommandScope type")
    return " ".join([kind, *(str(as_integer(given.get(need), f"scope {need}")) for need in SCOPE_NEEDS[kind])])


def language(params: Params) -> str:
    """The two letters of a language; empty for everybody who has none of their own."""
    given = params.get("language_code", "")
    if not re.fullmatch("([a-z]{2})?", given):
        refuse("invalid language code specified")
    return given


# Parameters


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
        plain = json.dumps(value, ensure_ascii=False)
    except (ValueError, RecursionError):
        refuse(f"can't parse {name} as JSON")
    check_utf8(plain)
    return value


def _refuse_constant(name: str) -> NoReturn:
    refuse(f"{name} is not JSON")
