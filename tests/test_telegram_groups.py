"""Groups, forums and channels at the tests' Telegram: what the bot is told, and where it may write."""

import pytest
from telegram import Message

from tests.telegram_client import PERSON, Client, latest
from tests.telegram_limits import Json
from tests.telegram_server import TelegramServer

pytestmark = pytest.mark.asyncio

GROUP, FORUM, CHANNEL = -1001, -1002, -1003
TALK = 5  #: a topic


def heard(server: TelegramServer) -> Message:
    message = latest(server).effective_message
    assert message is not None
    return message


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


# Privacy mode


@pytest.mark.parametrize(
    ("text", "is_heard"),
    [
        ("/ask who", True),
        ("/ask@quoth_test_bot who", True),
        ("/ask@Quoth_Test_Bot", True),
        ("/ask@other_bot who", False),
        ("who appointed Kyzym", False),
        ("@quoth_test_bot who appointed Kyzym", False),
        ("please /ask who", False),
        ("/", False),
    ],
)
async def test_in_privacy_mode_only_commands_are_heard(
    server: TelegramServer, group: int, text: str, *, is_heard: bool
) -> None:
    said = server.say(text, chat=group)
    assert (said > 0) == is_heard
    assert len(server.updates.waiting) == is_heard
    assert server.messages[said.key]["text"] == text


async def test_a_general_command_after_another_bot_has_spoken_is_not_heard(
    server: TelegramServer, client: Client, group: int
) -> None:
    server.other_bot_spoke.add(group)
    assert not server.say("/ask who", chat=group)
    assert server.say("/ask@quoth_test_bot who", chat=group)
    await send(client, group)
    assert server.say("/ask who", chat=group)


async def test_replies_to_the_bot_and_messages_sent_with_its_help_are_heard(
    server: TelegramServer, client: Client, group: int
) -> None:
    await send(client, group)
    assert server.say("and when", chat=group, reply_to=server.sent[-1])
    replied = heard(server).reply_to_message
    assert replied is not None
    assert replied.from_user is not None
    assert (replied.text, replied.from_user.id) == ("text", 123456)
    said = server.say("hello", chat=group)
    assert not server.say("hello yourself", chat=group, reply_to=said)
    assert server.say("quoted", chat=group, via_bot=server.me)


async def test_an_administrator_or_a_bot_without_privacy_mode_hears_everything(
    server: TelegramServer, group: int
) -> None:
    assert not server.say("hello", chat=group)
    server.stand(group, "administrator")
    assert server.say("hello", chat=group)
    server.stand(group, "member")
    server.abilities["can_read_all_group_messages"] = True
    assert server.say("@quoth_test_bot hello", chat=group)
    assert [*heard(server).parse_entities().values()] == ["@quoth_test_bot"]
    server.stand(group, "left")
    assert not server.say("/ask who", chat=group)


# What people send


async def test_a_medium_carries_its_text_as_a_caption(server: TelegramServer) -> None:
    for media in ("photo", "voice", "sticker", "document"):
        server.say("/ask who", media=media)
        message = heard(server)
        assert message.effective_attachment
        assert (message.text, message.caption) == (None, "/ask who")
        assert [entity.type for entity in message.caption_entities] == ["bot_command"]
    server.say("", media="location")
    assert heard(server).location
    assert heard(server).caption is None


async def test_links_mentions_and_commands_become_entities(server: TelegramServer) -> None:
    server.say("🇺🇦 /ask @somebody https://example.com/a")
    entities = heard(server).parse_entities()
    assert list(entities.values()) == ["/ask", "@somebody", "https://example.com/a"]


async def test_an_edit_is_told_as_the_message_it_was(server: TelegramServer, group: int) -> None:
    said = server.say("/ask who", chat=group)
    assert server.edit(said, "/ask whom") == said + 1
    message = latest(server).edited_message
    assert message is not None
    assert (message.message_id, message.text, message.edit_date is not None) == (said.key[1], "/ask whom", True)
    assert server.messages[said.key]["text"] == "/ask whom"
    assert not server.edit(said, "whom")
    photo = server.say("/ask who", media="photo")
    server.edit(photo, "/ask when")
    message = latest(server).edited_message
    assert message is not None
    assert (message.caption, bool(message.photo), message.text) == ("/ask when", True, None)


async def test_an_anonymous_administrator_speaks_as_the_group(server: TelegramServer, group: int) -> None:
    server.say("/ask who", chat=group, as_chat=group)
    message = heard(server)
    assert message.from_user is not None
    assert (message.from_user.id, message.from_user.is_bot) == (1087968824, True)
    assert message.sender_chat == message.chat
    server.group(CHANNEL, "News", kind="channel")
    server.say("/ask who", chat=group, as_chat=CHANNEL)
    message = heard(server)
    assert message.from_user is not None
    assert message.sender_chat is not None
    assert (message.from_user.username, message.sender_chat.title) == ("Channel_Bot", "News")


async def test_a_post_of_a_channel_is_forwarded_to_where_it_is_discussed(server: TelegramServer) -> None:
    server.group(CHANNEL, "News", kind="channel")
    server.group(GROUP, discusses=CHANNEL)
    server.abilities["can_read_all_group_messages"] = True
    said = server.say("news", chat=CHANNEL)
    post, _ = server.updates.waiting.values()
    assert (post["update_id"], "channel_post" in post) == (said, True)
    message = heard(server)
    assert (message.is_automatic_forward, message.chat.id, message.text) == (True, GROUP, "news")
    assert message.from_user is not None
    assert message.sender_chat is not None
    assert (message.from_user.id, message.sender_chat.id) == (777000, CHANNEL)
    server.edit(said, "newer")
    assert latest(server).edited_channel_post is not None


# Where the bot may write


async def test_the_standing_of_the_bot_decides_whether_it_may_write(
    server: TelegramServer, client: Client, group: int
) -> None:
    server.group(-7, kind="group")
    server.group(CHANNEL, kind="channel")
    for chat, status, description in (
        (group, "left", "Forbidden: bot is not a member of the supergroup chat"),
        (group, "kicked", "Forbidden: bot was kicked from the supergroup chat"),
        (-7, "kicked", "Forbidden: bot was kicked from the group chat"),
        (PERSON, "kicked", "Forbidden: bot was blocked by the user"),
        (group, "restricted", "Bad Request: not enough rights to send text messages to the chat"),
        (CHANNEL, "member", "Bad Request: need administrator rights in the channel chat"),
        (group, "member", ""),
        (CHANNEL, "administrator", ""),
        (PERSON, "member", ""),
    ):
        server.change_standing(chat, status)
        change = latest(server).my_chat_member
        assert change is not None
        assert (change.chat.id, change.new_chat_member.status) == (chat, status)
        assert change.new_chat_member.user.id == 123456
        assert await send(client, chat) == description
    assert "from" not in server.messages[CHANNEL, 1]


async def test_a_group_that_became_a_supergroup_says_where_it_is(server: TelegramServer, client: Client) -> None:
    server.group(-7, "Old", kind="group")
    last = server.migrate(-7, GROUP)
    assert (heard(server).migrate_from_chat_id, heard(server).chat.id) == (-7, GROUP)
    left = server.updates.waiting[last - 1]["message"]
    assert isinstance(left, dict)
    assert left["migrate_to_chat_id"] == GROUP
    answer = await client.call("sendMessage", chat_id=-7, text="x")
    assert answer.description == "Bad Request: group chat was upgraded to a supergroup chat"
    assert answer.body["parameters"] == {"migrate_to_chat_id": GROUP}
    assert await send(client, GROUP) == ""


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
        ({"message_thread_id": 6, "reply_parameters": {"message_id": 7}}, "message to be replied not found"),
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


async def test_a_chain_of_replies_in_a_plain_group_is_no_topic(
    server: TelegramServer, client: Client, group: int
) -> None:
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
