"""Groups and channels at the tests' Telegram: what the bot is told, and where it may write."""

import pytest

from tests.telegram_client import PERSON, Client, heard, latest
from tests.telegram_server import TelegramServer

pytestmark = pytest.mark.asyncio

GROUP, CHANNEL = -1001, -1003


@pytest.fixture
def group(server: TelegramServer) -> int:
    return server.group(GROUP)


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


async def test_a_channel_may_have_nobody_to_discuss_it(server: TelegramServer) -> None:
    server.group(CHANNEL, "News", kind="channel")
    server.say("news", chat=CHANNEL)
    assert len(server.updates.waiting) == 1


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
