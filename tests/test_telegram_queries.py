"""Buttons at the tests' Telegram: who may press them, and how the bot answers."""

import pytest
from telegram import CallbackQuery, MaybeInaccessibleMessage, Message

from tests.telegram_client import BUTTON, PERSON, Client, inline, latest
from tests.telegram_limits import Json
from tests.telegram_server import TelegramServer

pytestmark = pytest.mark.asyncio

TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"
LINK: Json = {"text": "Open", "url": "https://example.com"}


def pressed(server: TelegramServer) -> CallbackQuery:
    query = latest(server).callback_query
    assert query is not None
    return query


def is_inaccessible(message: MaybeInaccessibleMessage | None, chat: int) -> bool:
    # The library 22.8 makes no InaccessibleMessage of it; a message without anything but its place says the same.
    assert message is not None
    return (message.is_accessible, message.chat.id, message.message_id) == (False, chat, 3)


# Callback queries


async def test_a_press_names_the_message_as_it_is_now(server: TelegramServer, client: Client) -> None:
    await client.send("one", reply_markup=inline(LINK, BUTTON))
    sent = await server.next_sent()
    await client.call("editMessageText", chat_id=PERSON, message_id=3, text="two", reply_markup=inline(BUTTON))
    press = server.press(sent, "More", user=PERSON, language="uk")
    query = pressed(server)
    assert (query.id, query.data, query.from_user.language_code) == (press.id, "1", "uk")
    assert isinstance(query.message, Message)
    assert (query.message.message_id, query.message.text) == (3, "two")
    assert server.press((PERSON, 3), "1").update_id == press.update_id + 1


async def test_only_a_button_that_is_there_and_calls_back_can_be_pressed(
    server: TelegramServer, client: Client
) -> None:
    await client.send("one", reply_markup=inline(LINK, BUTTON))
    sent = await server.next_sent()
    for button in ("Less", "Open", "https://example.com"):
        with pytest.raises(LookupError, match="More"):
            server.press(sent, button)
    await client.call("editMessageReplyMarkup", chat_id=PERSON, message_id=3)
    with pytest.raises(LookupError, match="no button 'More'"):
        server.press(sent, "More")


async def test_a_forged_press_carries_whatever_it_likes_on_whatever_message(
    server: TelegramServer, client: Client
) -> None:
    server.press((PERSON, 1), "drop table", forged=True)
    query = pressed(server)
    assert isinstance(query.message, Message)
    assert (query.data, query.message.text) == ("drop table", "hello")
    server.press("of-another-bot", "1", forged=True)
    assert (pressed(server).inline_message_id, pressed(server).message) == ("of-another-bot", None)
    assert (await client.call("editMessageText", inline_message_id="of-another-bot", text="x")).status == 400


async def test_of_an_old_or_deleted_message_only_the_place_is_told(server: TelegramServer, client: Client) -> None:
    await client.send("one", reply_markup=inline(BUTTON))
    sent = await server.next_sent()
    server.press(sent, "More", is_too_old=True)
    assert is_inaccessible(pressed(server).message, PERSON)
    assert server.messages[PERSON, 3]["text"] == "one"
    await client.call("deleteMessage", chat_id=PERSON, message_id=3)
    with pytest.raises(LookupError):
        server.press(sent, "More")
    server.press(sent, "1", forged=True)
    assert is_inaccessible(pressed(server).message, PERSON)
    server.press((7, 3), "1", forged=True)
    assert is_inaccessible(pressed(server).message, 7)
    assert (PERSON, 3) not in server.messages


async def test_a_press_is_answered_once(server: TelegramServer, client: Client) -> None:
    await client.send("one", reply_markup=inline(BUTTON))
    sent = await server.next_sent()
    first, second = server.press(sent, "More"), server.press(sent, "More")
    assert server.unanswered == [first, second]
    answer = {"callback_query_id": first.id, "text": "x" * 200, "show_alert": "true"}
    assert (await client.call("answerCallbackQuery", **answer)).result is True
    assert await first.answered() == first.answer == answer
    assert (await client.call("answerCallbackQuery", **answer)).description == TOO_OLD
    assert server.unanswered == [second]
    with pytest.raises(TimeoutError, match="no answer to the callback_query"):
        await second.answered(timeout=0.01)


async def test_a_press_that_is_pushed_is_answered_like_any_other(server: TelegramServer, client: Client) -> None:
    message = {"message_id": 2, "date": 1, "chat": {"id": PERSON, "type": "private"}}
    server.push({"callback_query": {"id": "77", "data": "1", "from": {"id": PERSON}, "message": message}})
    server.push({"callback_query": {"id": "78", "data": "1", "from": {"id": PERSON}, "inline_message_id": "i"}})
    assert server.messages[PERSON, 2]["text"] == "Welcome"
    assert (await client.call("answerCallbackQuery", callback_query_id="77")).result is True
    assert [query.id for query in server.unanswered] == ["78"]


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"callback_query_id": "1"}, TOO_OLD),
        ({"callback_query_id": ""}, TOO_OLD),
        ({"text": "x" * 201}, "Bad Request: MESSAGE_TOO_LONG"),
        ({"text": "🏳" * 101}, "Bad Request: MESSAGE_TOO_LONG"),
        ({"url": "https://example.com"}, "Bad Request: URL_INVALID"),
        ({"show_alert": "loudly"}, "Bad Request: show_alert must be true or false"),
        ({"cache_time": -1}, "Bad Request: cache_time must be from 0 to 9223372036854775807"),
    ],
)
async def test_a_wrong_answer_is_refused_and_leaves_the_query_open(
    server: TelegramServer, client: Client, params: Json, description: str
) -> None:
    press = server.press((PERSON, 1), "1", forged=True)
    answer = await client.call("answerCallbackQuery", **{"callback_query_id": press.id, **params})
    assert (answer.status, answer.description) == (400, description)
    url = "https://t.me/quoth_test_bot?start=x"
    assert (await client.call("answerCallbackQuery", callback_query_id=press.id, url=url)).result is True


async def test_an_answer_can_come_too_late(server: TelegramServer, client: Client) -> None:
    press = server.press((PERSON, 1), "1", forged=True)
    press.is_expired = True
    assert (await client.call("answerCallbackQuery", callback_query_id=press.id)).description == TOO_OLD
    assert server.unanswered == [press]
