"""Topics, replies and quotes at the tests' Telegram: where in a chat a message of the bot belongs."""

import pytest

from tests.telegram_client import PERSON, Client, heard
from tests.telegram_limits import Json
from tests.telegram_server import TelegramServer

pytestmark = pytest.mark.asyncio

GROUP, FORUM = -1001, -1002
TALK = 5  #: a topic


@pytest.fixture
def group(server: TelegramServer) -> int:
    return server.group(GROUP)


@pytest.fixture
def forum(server: TelegramServer) -> int:
    return server.group(FORUM, "Forum", topics={TALK: "Talk", 6: "Other"})


async def send(client: Client, chat: int, **params: object) -> str:
    """What comes of a message: a refusal or nothing."""
    answer = await client.call("sendMessage", chat_id=chat, text="text", **params)
    return "" if answer.status == 200 else answer.description


# Topics


async def test_a_message_in_a_topic_replies_to_the_topics_first(server: TelegramServer, forum: int) -> None:
    server.say("/ask who", chat=forum, thread=TALK)
    message = heard(server)
    assert (message.message_thread_id, message.is_topic_message, message.chat.is_forum) == (TALK, True, True)
    assert message.reply_to_message is not None
    assert message.reply_to_message.forum_topic_created is not None
    first = server.say("/ask who", chat=forum, thread=TALK)
    server.say("/ask whom", chat=forum, reply_to=first)
    assert (heard(server).message_thread_id, heard(server).is_topic_message) == (TALK, True)
    server.say("/ask who", chat=forum)
    assert (heard(server).message_thread_id, heard(server).reply_to_message) == (None, None)


async def test_an_answer_goes_to_its_topic(server: TelegramServer, client: Client, forum: int) -> None:
    said = server.say("/ask who", chat=forum, thread=TALK)
    reply = {"message_id": said.key[1]}
    assert await send(client, forum, message_thread_id=TALK, reply_parameters=reply) == ""
    assert await send(client, forum, reply_parameters=reply) == ""
    for message in (server.messages[forum, server.sent[-1].message_id], server.messages[said.key]):
        assert (message["message_thread_id"], message["is_topic_message"]) == (TALK, True)
    assert await send(client, forum) == ""
    assert "message_thread_id" not in server.messages[forum, server.sent[-1].message_id]


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"message_thread_id": 7}, "message thread not found"),
        ({"message_thread_id": 1}, "message thread not found"),
        ({"message_thread_id": -1}, "message_thread_id must be from 0 to 9223372036854775807"),
        ({"message_thread_id": 6, "reply_parameters": {"message_id": 7}}, "message to be replied is in another topic"),
        (
            {"message_thread_id": TALK, "reply_parameters": {"message_id": 99, "allow_sending_without_reply": True}},
            "message to be replied not found",
        ),
    ],
)
async def test_a_wrong_topic_is_refused(
    server: TelegramServer, client: Client, forum: int, params: Json, description: str
) -> None:
    assert server.say("/ask who", chat=forum, thread=TALK).key == (forum, 7)
    assert await send(client, forum, **params) == f"Bad Request: {description}"


async def test_only_who_manages_topics_writes_to_a_closed_one(
    server: TelegramServer, client: Client, forum: int
) -> None:
    server.close_topic(forum, TALK)
    assert await send(client, forum, message_thread_id=TALK) == "Bad Request: TOPIC_CLOSED"
    server.stand(forum, "administrator", can_manage_topics=True)
    assert await send(client, forum, message_thread_id=TALK) == ""
    server.stand(forum, "member")
    server.close_topic(forum, TALK, is_closed=False)
    assert await send(client, forum, message_thread_id=TALK) == ""


@pytest.mark.parametrize("topics", [{}, {TALK: "Talk"}])
async def test_a_chain_of_replies_outside_of_topics_is_none(
    server: TelegramServer, client: Client, topics: dict[int, str]
) -> None:
    group = server.group(GROUP, topics=topics)
    await send(client, group)
    root = server.sent[-1].message_id
    server.say("and when", chat=group, reply_to=server.sent[-1])
    assert (heard(server).message_thread_id, heard(server).is_topic_message) == (root, None)
    first = server.say("/ask who", chat=group, reply_to=server.sent[-1])
    server.say("/ask whom", chat=group, reply_to=first)
    assert heard(server).message_thread_id == root
    assert await send(client, group, message_thread_id=root) == "Bad Request: message thread not found"


async def test_typing_is_shown_in_a_topic_and_in_the_general_one(
    server: TelegramServer, client: Client, forum: int
) -> None:
    for thread, status in ((TALK, 200), (1, 200), (7, 400)):
        answer = await client.call("sendChatAction", chat_id=forum, action="typing", message_thread_id=thread)
        assert answer.status == status
    server.stand(forum, "restricted")
    assert (await client.call("sendChatAction", chat_id=forum, action="typing")).status == 400


# Replies and what stands under a message


async def test_a_quote_is_shown_with_its_place(server: TelegramServer, client: Client, group: int) -> None:
    said = server.say("🇺🇦 who appointed Kyzym", media="photo", chat=group)
    assert await send(client, group, reply_parameters={"message_id": said.key[1], "quote": "appointed"}) == ""
    sent = server.messages[group, server.sent[-1].message_id]
    assert sent["quote"] == {"text": "appointed", "position": 9, "is_manual": True}


@pytest.mark.parametrize(
    ("more", "description"),
    [
        ({"quote": "Appointed"}, "QUOTE_TEXT_INVALID"),
        ({"quote": "x" * 1025}, "QUOTE_TEXT_INVALID"),
        ({"quote": ""}, "message text is empty"),
        ({"quote": 5}, "quote must be a string"),
        ({"quote": "who", "quote_position": "0"}, "quote_position must be an integer"),
        ({"quote": "who", "quote_parse_mode": "Wiki"}, "unsupported parse_mode"),
        ({"quote": "who", "quote_entities": [{"type": "bold", "offset": 0, "length": 4}]}, "not within the text"),
    ],
)
async def test_a_wrong_quote_is_refused(server: TelegramServer, client: Client, more: Json, description: str) -> None:
    said = server.say("who appointed " + "x" * 1025)
    refusal = await send(client, PERSON, reply_parameters={"message_id": said.key[1], **more})
    assert refusal.startswith("Bad Request: ")
    assert refusal.endswith(description)


@pytest.mark.parametrize(
    ("markup", "description"),
    [
        ({"force_reply": True, "input_field_placeholder": "x" * 64, "selective": True}, ""),
        ({"force_reply": True, "input_field_placeholder": "x" * 65}, "input field placeholder is too long"),
        ({"inline_keyboard": [[{"text": "App", "web_app": {"url": "https://example.com"}}]]}, "BUTTON_TYPE_INVALID"),
    ],
)
async def test_what_may_stand_under_a_message_in_a_group(
    client: Client, group: int, markup: Json, description: str
) -> None:
    refusal = await send(client, group, reply_markup=markup)
    assert refusal.removeprefix("Bad Request: ") == description
