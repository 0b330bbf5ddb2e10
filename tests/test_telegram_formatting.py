"""What the tests' Telegram takes and refuses in a text, its entities and its buttons."""

import pytest
from telegram.constants import MessageEntityType

from tests.telegram_client import BUTTON, FLAG, Client, entity, inline
from tests.telegram_formatting import ENTITY_KINDS
from tests.telegram_limits import Json
from tests.telegram_server import TelegramServer

pytestmark = pytest.mark.asyncio


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<b>a</b> &lt;b&gt; & c &nbsp;", "a <b> & c &nbsp;"),
        ('<blockquote expandable>a <a href="https://example.com">b</a></blockquote>', "a b"),
        ("<b>a", None),
        ("<b><i>a</b></i>", None),
        ("a</b>", None),
        ("<h1>a</h1>", None),
        ("<marquee>a</marquee>", None),
        ("a < b", None),
        ("<b></b>", None),
    ],
)
async def test_html_must_be_well_formed(server: TelegramServer, client: Client, html: str, shown: str | None) -> None:
    answer = await client.send(html, parse_mode="HTML")
    assert (answer.status == 200) == (shown is not None)
    assert server.sent[-1].text == (shown or "Welcome")


# Entities. The text is one flag of four units and "abcdef".


@pytest.mark.parametrize(
    "entities",
    [
        [],
        [entity("blockquote", 0, 10), entity("bold", 4, 2), entity("italic", 4, 2), entity("code", 6, 2)],
        [entity("bold", 4, 2), entity("expandable_blockquote", 4, 2)],
        [entity("text_link", 4, 6, url="https://example.com"), entity("bold", 5, 1)],
        [entity("bold", 4, 4), entity("text_link", 4, 4, url="https://example.com")],
        [entity("blockquote", 0, 4), entity("blockquote", 4, 6)],
        [entity("pre", 4, 6, language="python")],
        [entity("text_mention", 4, 1, user={"id": 1}), entity("custom_emoji", 0, 2, custom_emoji_id="5")],
        [entity("underline", 4, 1)] * 100,
    ],
)
async def test_right_entities_pass(server: TelegramServer, client: Client, entities: list[Json]) -> None:
    answer = await client.send(f"{FLAG}abcdef", entities=entities)
    assert answer.status == 200, answer.body
    assert server.sent[-1].entities == entities


@pytest.mark.parametrize(
    ("entities", "why"),
    [
        ([entity("marquee", 0, 2)], "unsupported entity type"),
        ([{"offset": 0, "length": 1}], "entity type must be a string"),
        ([{"type": "bold", "offset": 0, "length": True}], "entity length must be an integer"),
        ([{"type": "bold", "offset": "0", "length": 2}], "entity offset must be an integer"),
        ([entity("bold", -2, 4)], "not within the text"),
        ([entity("bold", 4, 0)], "not within the text"),
        ([entity("bold", 4, 7)], "not within the text"),
        ([entity("bold", 10, 1)], "not within the text"),
        ([entity("bold", 1, 3)], "cuts a surrogate pair"),
        ([entity("bold", 0, 3)], "cuts a surrogate pair"),
        ([entity("text_link", 4, 1)], "needs url"),
        ([entity("text_link", 4, 1, url="")], "needs url"),
        ([entity("text_mention", 4, 1, user=5)], "needs user"),
        ([entity("custom_emoji", 0, 2)], "needs custom_emoji_id"),
        ([entity("pre", 4, 1, language=5)], "language must be a string"),
        ([entity("bold", 4, 1)] * 101, "more than 100 entities"),
        ([entity("bold", 4, 3), entity("italic", 5, 3)], "cross each other"),
        ([entity("italic", 5, 3), entity("blockquote", 4, 3)], "cross each other"),
        ([entity("blockquote", 4, 6), entity("blockquote", 5, 1)], "blockquotes can't be nested"),
        ([entity("blockquote", 4, 6), entity("expandable_blockquote", 4, 6)], "blockquotes can't be nested"),
        ([entity("code", 4, 6), entity("bold", 5, 1)], "bold can't stand in code"),
        ([entity("bold", 4, 6), entity("code", 4, 6)], "code can't stand in bold"),
        ([entity("text_link", 4, 6, url="https://example.com"), entity("code", 5, 1)], "code can't stand in text_link"),
        ([entity("code", 4, 6), entity("blockquote", 5, 1)], "blockquote can't stand in code"),
        ({"type": "bold"}, "entities must be an array"),
        (["bold"], "entities must be an object"),
        ("[", "can't parse entities"),
    ],
)
async def test_wrong_entities_are_refused(client: Client, entities: object, why: str) -> None:
    answer = await client.send(f"{FLAG}abcdef", entities=entities)
    assert answer.status == 400
    assert why in answer.description


async def test_every_entity_of_the_library_is_known() -> None:
    assert {str(kind.value) for kind in MessageEntityType} == ENTITY_KINDS


# Buttons


@pytest.mark.parametrize(
    "button",
    [
        {"text": "b", "callback_data": "x" * 64},
        {"text": "b", "url": "tg://user?id=1", "style": "primary"},
        {"text": "b", "url": "http://example.com/a#b"},
        {"text": "b", "switch_inline_query": ""},
        {"text": "b", "switch_inline_query_current_chat": "kyzym"},
        {"text": "b", "switch_inline_query_chosen_chat": {"allow_user_chats": True}},
        {"text": "b", "copy_text": {"text": "x" * 256}},
        {"text": "b", "web_app": {"url": "https://example.com"}},
        {"text": "b", "login_url": {"url": "https://example.com"}},
        {"text": "b", "pay": True},
    ],
)
async def test_every_right_button_passes(server: TelegramServer, client: Client, button: Json) -> None:
    answer = await client.send("x", reply_markup=inline(button))
    assert answer.status == 200, answer.body
    assert server.sent[-1].markup == inline(button)


@pytest.mark.parametrize(
    ("markup", "why"),
    [
        (inline({"text": "b"}), "exactly one thing"),
        (inline({"text": "b", "callback_data": "1", "url": "https://example.com"}), "exactly one thing"),
        (inline({"text": " ", "callback_data": "1"}), "text must be non-empty"),
        (inline({"callback_data": "1"}), "button text must be a string"),
        (inline({"text": "b", "callback_data": ""}), "BUTTON_DATA_INVALID"),
        (inline({"text": "b", "callback_data": "є" * 33}), "BUTTON_DATA_INVALID"),
        (inline({"text": "b", "callback_data": 5}), "BUTTON_DATA_INVALID"),
        (inline({"text": "b", "url": "javascript:alert(1)"}), "BUTTON_URL_INVALID"),
        (inline({"text": "b", "url": "example.com"}), "BUTTON_URL_INVALID"),
        (inline({"text": "b", "url": "https://exam ple.com"}), "BUTTON_URL_INVALID"),
        (inline({"text": "b", "url": "https://["}), "BUTTON_URL_INVALID"),
        (inline({"text": "b", "copy_text": {"text": "x" * 257}}), "BUTTON_COPY_TEXT_INVALID"),
        (inline({"text": "b", "copy_text": {"text": ""}}), "BUTTON_COPY_TEXT_INVALID"),
        (inline({"text": "b", "web_app": {"url": "http://example.com"}}), "BUTTON_WEB_APP_INVALID"),
        (inline({"text": "b", "pay": False}), "BUTTON_PAY_INVALID"),
        (inline("b"), "button must be an object"),
        (inline(*[BUTTON] * 101), "reply markup is too long"),
        ({"inline_keyboard": [BUTTON]}, "inline_keyboard must be an array"),
        ({"inline_keyboard": None}, "inline_keyboard must be an array"),
        ({"force_reply": 1}, "inline keyboard expected"),
        ({}, "inline keyboard expected"),
        ([], "reply_markup must be an object"),
    ],
)
async def test_wrong_buttons_are_refused(client: Client, markup: object, why: str) -> None:
    answer = await client.send("x", reply_markup=markup)
    assert answer.status == 400
    assert why in answer.description
