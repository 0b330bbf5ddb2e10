"""Inline and guest mode at the tests' Telegram: what the bot may offer, and what becomes of it."""

import json

import pytest

from tests.telegram_client import BUTTON, PERSON, Answer, Client, entity, inline, latest
from tests.telegram_limits import Json
from tests.telegram_server import TelegramServer

pytestmark = pytest.mark.asyncio

TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
ELSEWHERE: Json = {"id": -1009, "type": "supergroup", "title": "Elsewhere"}


def article(result_id: str = "1", **more: object) -> Json:
    said = {"message_text": "By the decision", "entities": [entity("bold", 0, 2)]}
    return {"type": "article", "id": result_id, "title": "Kyiv Post", "input_message_content": said, **more}


def saying(text: str, **more: object) -> Json:
    return article(input_message_content={"message_text": text, **more})


async def answer(server: TelegramServer, client: Client, **params: object) -> Answer:
    query = server.inline("who appointed Kyzym")
    return await client.call("answerInlineQuery", **{"inline_query_id": query.id, "results": [article()], **params})


# Answers


async def test_a_query_is_answered_once(server: TelegramServer, client: Client) -> None:
    query = server.inline("who appointed Kyzym", user=PERSON, language="uk", offset="50")
    asked = latest(server).inline_query
    assert asked is not None
    assert (asked.id, asked.query, asked.offset, asked.from_user.language_code) == (query.id, query.text, "50", "uk")
    params = {"inline_query_id": query.id, "results": [article("x" * 64), article("є" * 32)], "cache_time": 0}
    button = {"text": "More", "start_parameter": "a-Z_0" * 12}
    params |= {"next_offset": "x" * 64, "is_personal": True, "button": button}
    assert (await client.call("answerInlineQuery", **params)).result is True
    assert json.loads((await query.answered())["results"]) == params["results"]
    assert (await client.call("answerInlineQuery", **params)).description == f"Bad Request: {TOO_OLD}"
    assert server.unanswered == []


async def test_a_query_may_be_answered_with_nothing(server: TelegramServer, client: Client) -> None:
    assert (await answer(server, client, results=[])).result is True
    photo = {"type": "photo", "id": "p", "photo_url": "https://example.com/1.jpg"}
    assert (await answer(server, client, results=[article(), photo])).result is True
    fifty = [article(str(number)) for number in range(50)]
    assert (await answer(server, client, results=fifty)).result is True
    assert (await answer(server, client, button={"text": "x", "web_app": {"url": "https://example.com"}})).status == 200


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"inline_query_id": "1"}, TOO_OLD),
        ({"results": [article(str(number)) for number in range(51)]}, "RESULTS_TOO_MUCH"),
        ({"results": [article(), article()]}, "RESULT_ID_DUPLICATE"),
        ({"results": "none"}, "can't parse results as JSON"),
        ({"results": article()}, "results must be an array"),
        ({"next_offset": "є" * 33}, "NEXT_OFFSET_INVALID"),
        ({"cache_time": -1}, "cache_time must be from 0 to 9223372036854775807"),
        ({"is_personal": "1"}, "is_personal must be true or false"),
        ({"button": {"text": "", "start_parameter": "x"}}, "SWITCH_PM_TEXT_EMPTY"),
        ({"button": {"text": "x"}}, "START_PARAM_EMPTY"),
        ({"button": {"text": "x", "start_parameter": "x" * 65}}, "START_PARAM_INVALID"),
        ({"button": {"text": "x", "start_parameter": "a b"}}, "START_PARAM_INVALID"),
        ({"button": {"text": "x", "web_app": {"url": "http://example.com"}}}, "BUTTON_URL_INVALID"),
    ],
)
async def test_a_wrong_answer_is_refused(
    server: TelegramServer, client: Client, params: Json, description: str
) -> None:
    refused = await answer(server, client, **params)
    assert refused.description == f"Bad Request: {description}"
    assert len(server.unanswered) == 1


@pytest.mark.parametrize(
    ("result", "description"),
    [
        ({"type": "article"}, "can't parse inline query result: Can't find field \"id\""),
        (article() | {"type": "essay"}, "can't parse inline query result: invalid inline query result type specified"),
        (article(""), "RESULT_ID_EMPTY"),
        (article("x" * 65), "RESULT_ID_INVALID"),
        (article(title=" "), "ARTICLE_TITLE_EMPTY"),
        (article(description=5), "description must be a string"),
        (article(url="nowhere"), "ARTICLE_URL_INVALID"),
        (article(thumbnail_url="nowhere"), "WEBDOCUMENT_URL_INVALID"),
        (article(input_message_content=None), "input_message_content must be an object"),
        (article(input_message_content={}), "can't parse inline query result: Can't find field \"message_text\""),
        (saying(""), "message text is empty"),
        (saying("x" * 4097), "message is too long"),
        (saying("x", entities=[entity("bold", 0, 2)]), "entity bold from 0 to 2 is not within the text"),
        (
            saying("<b>x", parse_mode="HTML"),
            "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
        ),
        (saying("x", link_preview_options=1), "link_preview_options must be an object"),
        (article(reply_markup={"force_reply": True}), "inline keyboard expected"),
        (article(reply_markup=inline({"text": "b", "callback_data": "x" * 65})), "BUTTON_DATA_INVALID"),
    ],
)
async def test_a_wrong_result_is_refused_inline_and_of_a_guest(
    server: TelegramServer, client: Client, result: Json, description: str
) -> None:
    assert (await answer(server, client, results=[result])).description == f"Bad Request: {description}"
    query = server.ask_guest("@quoth_test_bot who", ELSEWHERE)
    refused = await client.call("answerGuestQuery", guest_query_id=query.id, result=result)
    assert refused.description == f"Bad Request: {description}"


async def test_a_client_asks_no_longer_than_it_may(server: TelegramServer) -> None:
    with pytest.raises(ValueError, match="256"):
        server.inline("x" * 257)


# What is chosen


async def test_what_is_chosen_becomes_a_message_that_the_bot_can_edit(server: TelegramServer, client: Client) -> None:
    query = server.inline("who")
    offered = [article(reply_markup=inline(BUTTON)), article("2")]
    await client.call("answerInlineQuery", inline_query_id=query.id, results=offered)
    sent = server.choose(query, "1", user=7)
    chosen = latest(server).chosen_inline_result
    assert chosen is not None
    assert (chosen.result_id, chosen.query, chosen.from_user.id, chosen.inline_message_id) == ("1", "who", 7, sent)
    press = server.press(sent, "More")
    assert press.text == "1"
    edited = await client.call("editMessageText", inline_message_id=sent, text="two")
    assert edited.result is True
    assert (await client.call("editMessageText", inline_message_id=sent, text="two")).status == 400
    edit = await server.next_edit()
    assert (edit.inline_message_id, edit.text, edit.markup) == (sent, "two", None)
    assert server.inline_messages[sent]["text"] == "two"
    with pytest.raises(LookupError):
        server.press(sent, "More")
    assert server.choose(query, "2") == ""
    with pytest.raises(KeyError):
        server.choose(query, "3")


async def test_what_is_chosen_in_a_chat_of_the_bot_is_told_as_a_message(server: TelegramServer, client: Client) -> None:
    group = server.group()
    query = server.inline("who", chat_type="supergroup")
    markup = inline(BUTTON)
    await client.call("answerInlineQuery", inline_query_id=query.id, results=[article(reply_markup=markup)])
    server.is_told_choices = False
    sent = server.choose(query, "1", chat=group)
    message = latest(server).message
    assert message is not None
    assert message.via_bot is not None
    assert (message.chat.id, message.text, message.via_bot.id) == (group, "By the decision", 123456)
    await client.call("editMessageText", inline_message_id=sent, text="two")
    assert server.messages[group, message.message_id]["text"] == "two"
    by_place = await client.call("editMessageText", chat_id=group, message_id=message.message_id, text="three")
    assert by_place.description == "Bad Request: message can't be edited"


# Guest mode


async def test_a_guest_answers_once_and_may_edit_what_it_said(server: TelegramServer, client: Client) -> None:
    query = server.ask_guest("@quoth_test_bot who appointed Kyzym", ELSEWHERE, user=7)
    asked = latest(server).guest_message
    assert asked is not None
    assert asked.from_user is not None
    assert (asked.guest_query_id, asked.chat.id, asked.from_user.id) == (query.id, -1009, 7)
    params = {"guest_query_id": query.id, "result": article(reply_markup=inline(BUTTON))}
    sent = (await client.call("answerGuestQuery", **params)).result
    shown = await server.next_sent()
    assert sent == {"inline_message_id": shown.inline_message_id}
    assert (shown.text, shown.markup, server.unanswered) == ("By the decision", inline(BUTTON), [])
    assert (await client.call("answerGuestQuery", **params)).description == f"Bad Request: {TOO_OLD}"
    server.press(shown, "More")
    assert (await client.call("editMessageText", inline_message_id=shown.inline_message_id, text="two")).result is True
    assert (await client.call("sendMessage", chat_id=-1009, text="x")).description == "Bad Request: chat not found"


async def test_where_it_is_a_member_the_bot_is_no_guest(server: TelegramServer, client: Client) -> None:
    group = server.group()
    with pytest.raises(ValueError, match="no guest"):
        server.ask_guest("@quoth_test_bot who", server.chats[group])
    assert (await client.call("answerGuestQuery", guest_query_id="1")).status == 400
