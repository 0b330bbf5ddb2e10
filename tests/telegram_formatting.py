"""The text of a message: its length, its tags and its entities.

Which nested entities survive was measured with TDLib 1.8.69.
"""

import re
from dataclasses import dataclass
from html import unescape
from itertools import accumulate

from tests.telegram_limits import Json, Params, as_integer, as_list, as_object, as_string, objects, refuse

TEXT_UNITS = 4096  #: UTF-16 units. Telegram may count code points; what passes here passes there either way.
ENTITIES = 100
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


@dataclass(frozen=True, slots=True)
class Formatted:
    """The text of a message as its reader sees it."""

    text: str
    entities: list[Json]


def formatted(params: Params) -> Formatted:
    """The text of a call, checked.

    The tags of HTML are checked and taken out, but yield no entities; Markdown passes as it stands.
    """
    given: Json = {"text": params.get("text", ""), "parse_mode": params.get("parse_mode", "")}
    return formatted_as({**given, "entities": objects(params, "entities")}, "text", "parse_mode", "entities")


def formatted_as(given: Json, text_name: str, mode_name: str, entities_name: str) -> Formatted:
    """The text that stands in an object under these names, checked like the text of a call."""
    text, mode = as_string(given.get(text_name, ""), text_name), as_string(given.get(mode_name, ""), mode_name).lower()
    entities = [as_object(each, entities_name) for each in as_list(given.get(entities_name, []), entities_name)]
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


def _within_pairs(text: str) -> set[int]:
    """The places, in UTF-16 units, that are in the middle of a character."""
    ends = accumulate(1 + (character > "\uffff") for character in text)
    return {end - 1 for end, character in zip(ends, text, strict=True) if character > "\uffff"}


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
    if not entities:
        return
    end = utf16_length(text)
    within = set() if end == len(text) else _within_pairs(text)
    spans = [_span(entity, within, end) for entity in entities]
    # A quotation over the same stretch as another entity goes around it.
    spans.sort(key=lambda span: (span.start, -span.end, span.kind not in QUOTES))
    still_open: list[Span] = []
    for span in spans:
        still_open = [outer for outer in still_open if span.start < outer.end]
        for outer in still_open:
            _check_nesting(outer, span)
        still_open.append(span)


def _span(entity: Json, within_pairs: set[int], text_end: int) -> Span:
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
    if start < 0 or end <= start or end > text_end:
        refuse(f"entity {kind} from {start} to {end} is not within the text")
    if start in within_pairs or end in within_pairs:
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
