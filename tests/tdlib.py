"""What Telegram makes of a message, asked of TDLib itself: offline, in a fraction of a millisecond.

TDLib is Telegram's own library; api.telegram.org runs it too. Of its synchronous requests `getMarkdownText` alone both
cleans a text and moves the entities along (`fix_formatted_text` in td/telegram/MessageEntity.cpp); `parseTextEntities`
cleans nothing. It leaves out the trimming of a message's ends, which `sent` adds. What Telegram's servers do after
TDLib cannot be seen from here.

Offsets and lengths are UTF-16 units throughout.
"""

import json
import re
from collections.abc import Iterable
from typing import Any, NamedTuple

import tdjson

#: Bot API name -> TDLib name, in the order in which TDLib lists entities over one and the same range.
STYLES = {
    "blockquote": "BlockQuote",
    "expandable_blockquote": "ExpandableBlockQuote",
    "pre": "Pre",
    "code": "Code",
    "text_link": "TextUrl",
    "bold": "Bold",
    "italic": "Italic",
    "underline": "Underline",
    "strikethrough": "Strikethrough",
    "spoiler": "Spoiler",
}
#: What Telegram finds by itself. Bank card numbers it finds too, but the Bot API has no name for them.
FOUND = {
    "mention": "Mention",
    "hashtag": "Hashtag",
    "cashtag": "Cashtag",
    "bot_command": "BotCommand",
    "url": "Url",
    "email": "EmailAddress",
    "phone_number": "PhoneNumber",
}
BOT_API_NAMES = {f"textEntityType{td_name}": name for name, td_name in (STYLES | FOUND).items()}
QUOTATIONS = {"blockquote", "expandable_blockquote"}

TEXT_BYTES = 1 << 15  #: The Bot API server refuses longer ones (`get_formatted_text` in its Client.cpp).
SPACE = " \n"  #: The white space that Telegram cuts off the ends; tabs and the like are spaces by then.
#: A message of nothing else is empty to Telegram (`is_empty_string` in td/telegram/misc.cpp).
BLANK = re.compile("[ \n\u00a0\u1680\u180e\u2000-\u200f\u202f\u205f\u2800\u3000\ufeff\ufffc\U000e0000-\U000e007f]*")
#: Put behind a text it makes TDLib hand the entities back: without it bold returns as ** in the text. With it the marks
#: would read as one code entity too many, and a text that marks cannot express comes back as it is.
GUARD = "\n`x`"


class RefusedError(ValueError):
    """A message that Telegram turns down; the reason in its own words."""


class Entity(NamedTuple):
    """A stretch of a message that is shown in its own way; `kind` is the Bot API's name for it."""

    kind: str
    offset: int
    length: int
    url: str = ""


class Sent(NamedTuple):
    """A message as Telegram shows it."""

    text: str
    entities: list[Entity]

    def under(self, entity: Entity) -> str:
        """The text that an entity covers."""
        start, end = 2 * entity.offset, 2 * (entity.offset + entity.length)
        return self.text.encode("utf-16-le")[start:end].decode("utf-16-le")

    def quotations(self) -> list[str]:
        """The text under each quotation, from top to bottom."""
        return [self.under(entity) for entity in self.entities if entity.kind in QUOTATIONS]


def sent(text: str, entities: Iterable[Entity] = ()) -> Sent:
    """What a chat shows after sendMessage or editMessageText, but for the links that Telegram finds by itself.

    The limits of 4096 units and 100 entities are the servers' own: not checked here.

    Raises:
        RefusedError: TDLib or the Bot API server would answer 400.
    """
    entities, cleaned = list(entities), clean(text)
    _fix(text, entities)  # for its refusals: with the guard behind it an entity may reach past the text
    if BLANK.fullmatch(cleaned):
        raise RefusedError("Text must be non-empty")
    guarded = _fix(text + GUARD, entities)
    assert guarded["text"] == cleaned + GUARD, f"the guard failed: {guarded['text']!r}"
    return _trim(cleaned, _entities(guarded["entities"]))


def clean(text: str) -> str:
    """The text with what Telegram replaces replaced and what it drops dropped; the ends are not trimmed."""
    cleaned: str = _fix(text + "|", ())["text"]  # white space alone would come back empty
    return cleaned.removesuffix("|")


def auto_entities(text: str) -> list[Entity]:
    """The links that Telegram would find in a message by itself."""
    return _entities(_ask("getTextEntities", text=text)["entities"])


def units(text: str) -> int:
    """The length in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def _trim(text: str, entities: list[Entity]) -> Sent:
    """What `fix_formatted_text` does last when a message is sent.

    The end loses all white space, the beginning only as much as stands before the first entity.
    """
    text = text.rstrip(SPACE)
    end = units(text)
    entities = [entity for entity in entities if entity.offset < end]
    start = min([len(text) - len(text.lstrip(SPACE)), *(entity.offset for entity in entities)])
    entities = [
        entity._replace(offset=entity.offset - start, length=min(entity.length, end - entity.offset))
        for entity in entities
    ]
    order = list(STYLES)
    entities.sort(key=lambda entity: (entity.offset, -entity.length, order.index(entity.kind)))
    return Sent(text[start:], entities)


def _fix(text: str, entities: Iterable[Entity]) -> dict[str, Any]:
    if len(text.encode()) > TEXT_BYTES:
        raise RefusedError("Text is too long")
    described = [
        {
            "@type": "textEntity",
            "offset": entity.offset,
            "length": entity.length,
            "type": {"@type": f"textEntityType{STYLES[entity.kind]}", "url": entity.url},
        }
        for entity in entities
    ]
    return _ask("getMarkdownText", text={"@type": "formattedText", "text": text, "entities": described})


def _entities(answered: list[dict[str, Any]]) -> list[Entity]:
    return [
        Entity(BOT_API_NAMES[name], entity["offset"], entity["length"], entity["type"].get("url", ""))
        for entity in answered
        if (name := entity["type"]["@type"]) in BOT_API_NAMES
    ]


def _ask(request: str, **arguments: object) -> dict[str, Any]:
    # Not as ASCII: TDLib reads the escapes of two stray surrogates as one letter, while UTF-8 has no room for them.
    asked = json.dumps({"@type": request, **arguments}, ensure_ascii=False)
    answer: dict[str, Any] = json.loads(tdjson.td_execute(asked.encode()) or b"{}")
    if answer["@type"] == "error":
        raise RefusedError(answer["message"])
    return answer


_ask("setLogVerbosityLevel", new_verbosity_level=0)
