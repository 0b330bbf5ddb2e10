"""Messages at the tests' Telegram: their chats, their replies and what may be changed in them."""

import json
import time

import pytest

from tests.telegram_client import BUTTON, FLAG, PERSON, Answer, Client, entity, inline
from tests.telegram_server import TelegramServer

pytestmark = pytest.mark.asyncio

LONE_SURROGATE = "\ud83c"


async def test_a_sent_message_is_shown_and_returned(server: TelegramServer, client: Client) -> None:
    entities = [entity("bold", 0, 6)]
    before = time.monotonic()
    reply = {"message_id": 1, "quote": "ell"}
    answer = await client.send("Quoted", entities=entities, reply_markup=inline(BUTTON), reply_parameters=reply)
    sent = await server.next_sent()
    assert (sent.chat_id, sent.message_id, sent.text, sent.entities) == (PERSON, 3, "Quoted", entities)
    assert sent.markup == inline(BUTTON)
    assert sent.params["reply_parameters"] == json.dumps(reply)
    assert before <= sent.at <= time.monotonic()
    assert server.sent[-1] is sent
    message = answer.result
    assert isinstance(message, dict)
    assert message == server.messages[PERSON, 3]
    assert message["reply_to_message"]["text"] == "hello"
    assert message["from"] == server.me
    assert message["chat"]["id"] == PERSON


async def test_waiting_for_a_message_that_never_comes_says_what_was_refused(
    server: TelegramServer, client: Client
) -> None:
    await client.send("")
    with pytest.raises(TimeoutError, match="message text is empty"):
        await server.next_sent(timeout=0.01)


async def test_a_command_that_is_said_carries_its_entity(server: TelegramServer) -> None:
    server.say(f"{FLAG} /ask@quoth_test_bot who/what")
    assert server.messages[PERSON, 1]["entities"] == [entity("bot_command", 5, 19)]


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"chat_id": 7}, "chat not found"),
        ({"chat_id": "@somebody"}, "chat not found"),
        ({"chat_id": ""}, "chat_id is empty"),
        ({"chat_id": "seven"}, "chat_id must be an integer"),
        ({"text": ""}, "message text is empty"),
        ({"text": " \n\t\u00a0"}, "text must be non-empty"),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "🏳" * 2049}, "message is too long"),
        ({"parse_mode": "Wiki"}, "unsupported parse_mode"),
        ({"parse_mode": "HTML", "entities": [entity("bold", 0, 1)]}, "parse_mode must not be combined with entities"),
        ({"reply_parameters": {"message_id": 99}}, "message to be replied not found"),
        ({"reply_parameters": {"message_id": 1, "chat_id": 7}}, "message to be replied not found"),
        ({"reply_parameters": {"message_id": True}}, "reply message_id must be an integer"),
        ({"reply_parameters": {"message_id": 1, "quote": "HELLO"}}, "QUOTE_TEXT_INVALID"),
        ({"reply_parameters": 1}, "reply_parameters must be an object"),
        ({"link_preview_options": "off"}, "can't parse link_preview_options as JSON"),
        ({"protect_content": "maybe"}, "protect_content must be true or false"),
    ],
)
async def test_a_wrong_message_is_refused(
    server: TelegramServer, client: Client, params: dict[str, object], description: str
) -> None:
    answer = await client.call("sendMessage", **{"chat_id": PERSON, "text": "text", **params})
    assert (answer.status, answer.description) == (400, f"Bad Request: {description}")
    assert len(server.sent) == 1


async def test_the_longest_message_passes(client: Client) -> None:
    assert (await client.send("🏳" * 2048)).status == 200
    assert (await client.send("x", reply_markup={"force_reply": True})).status == 200
    assert (await client.send("x", reply_markup={"remove_keyboard": True})).status == 200
    answer = await client.send("x", reply_parameters={"message_id": 99, "allow_sending_without_reply": True})
    assert answer.status == 200


async def test_halves_of_surrogate_pairs_are_refused_wherever_they_hide(client: Client) -> None:
    button = {"text": LONE_SURROGATE, "url": "https://example.com"}
    for params in (
        {"chat_id": PERSON, "text": LONE_SURROGATE},
        {"chat_id": PERSON, "text": "x", "reply_markup": inline(button)},
        {"chat_id": PERSON, "text": "x", "reply_markup": json.dumps(inline(button))},
    ):
        async with client.http.post(client.url("sendMessage"), json=params) as response:
            answer = Answer(response.status, await response.json())
        assert answer.description == "Bad Request: strings must be encoded in UTF-8"


async def test_a_chat_may_have_blocked_the_bot_or_moved(server: TelegramServer, client: Client) -> None:
    server.blocked.add(PERSON)
    answer = await client.send("hello")
    assert (answer.status, answer.description) == (403, "Forbidden: bot was blocked by the user")
    server.migrated[-5] = -100200
    answer = await client.call("sendMessage", chat_id=-5, text="hello")
    assert answer.description == "Bad Request: group chat was upgraded to a supergroup chat"
    assert answer.body["parameters"] == {"migrate_to_chat_id": -100200}


# Edits


async def test_an_edit_changes_the_message_and_takes_its_buttons(server: TelegramServer, client: Client) -> None:
    await client.send("one", reply_markup=inline(BUTTON))
    edited = (await client.call("editMessageText", chat_id=PERSON, message_id=3, text="two")).result
    assert isinstance(edited, dict)
    assert (edited["text"], "reply_markup" in edited, "edit_date" in edited) == ("two", False, True)
    await client.call("editMessageReplyMarkup", chat_id=PERSON, message_id=3, reply_markup=inline(BUTTON))
    assert server.messages[PERSON, 3]["reply_markup"] == inline(BUTTON)
    assert server.messages[PERSON, 3]["text"] == "two"
    assert server.sent[-1].text == "one"
    first, second = await server.next_edit(), await server.next_edit()
    assert (first.text, first.markup, first.message_id) == ("two", None, 3)
    assert (second.text, second.markup, server.edits) == ("two", inline(BUTTON), [first, second])
    assert server.refusals == []


async def test_an_edit_that_changes_nothing_is_refused(client: Client) -> None:
    said = {"chat_id": PERSON, "text": "one", "entities": [entity("bold", 0, 1)], "reply_markup": inline(BUTTON)}
    await client.call("sendMessage", **said)
    same = await client.call("editMessageText", message_id=3, **said)
    assert same.description.startswith("Bad Request: message is not modified: ")
    same = await client.call("editMessageReplyMarkup", chat_id=PERSON, message_id=3, reply_markup=inline(BUTTON))
    assert same.description.startswith("Bad Request: message is not modified: ")
    assert (await client.call("editMessageText", **{**said, "message_id": 3, "entities": []})).status == 200


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"message_id": 9}, "message to edit not found"),
        ({"message_id": 1}, "message can't be edited"),
        ({"text": " "}, "text must be non-empty"),
        ({"inline_message_id": "i"}, "MESSAGE_ID_INVALID"),
        ({"reply_markup": {"force_reply": True}}, "inline keyboard expected"),
    ],
)
async def test_a_wrong_edit_is_refused(client: Client, params: dict[str, object], description: str) -> None:
    answer = await client.call("editMessageText", **{"chat_id": PERSON, "message_id": 2, "text": "new", **params})
    assert answer.description == f"Bad Request: {description}"


async def test_a_message_is_deleted_once(server: TelegramServer, client: Client) -> None:
    assert (await client.call("deleteMessage", chat_id=PERSON, message_id=2)).result is True
    again = await client.call("deleteMessage", chat_id=PERSON, message_id=2)
    assert again.description == "Bad Request: message to delete not found"
    await client.send("next")
    assert server.sent[-1].message_id == 3
