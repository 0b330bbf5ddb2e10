"""Which messages are for the bot, and what they say to it, read by its library from what Telegram sends."""

import pytest
import pytest_asyncio
from telegram import Update, User

from bot.addressing import addressed
from tests.telegram_people import Said
from tests.telegram_server import TelegramServer

ME = User(123456, "Quoth", is_bot=True, username="quoth_test_bot")
GROUP, CHANNEL, TALK = -1_001_000_000_200, -1_001_000_000_300, 5
WHO = "who appointed Kyzym"


@pytest_asyncio.fixture
async def server() -> TelegramServer:
    """Telegram, with a group in which the bot hears everything: what it passes over is its own decision."""
    server = TelegramServer()
    server.group(GROUP)
    server.group(CHANNEL, "News", kind="channel")
    server.abilities["can_read_all_group_messages"] = True
    return server


def heard(server: TelegramServer, said: Said) -> str | None:
    """What the bot takes a message to say."""
    message = Update.de_json(dict(server.updates.waiting[said]), None).effective_message
    assert message is not None
    return addressed(message, ME)


def answered(server: TelegramServer, chat: int) -> tuple[int, int]:
    """A message of the bot."""
    return chat, int(str(server.keep_new(server.chats[chat], {"text": "The documents do not say."})["message_id"]))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (WHO, WHO),
        ("/start", "/start"),
        ("/frobnicate now", "/frobnicate now"),
        ("/ask", "/ask"),
        (f"@quoth_test_bot {WHO}", WHO),
        ("@quoth_test_bot", "/ask"),
        ("who is @durov", "who is @durov"),
    ],
)
async def test_in_private_everything_is_for_the_bot(server: TelegramServer, text: str, said: str) -> None:
    assert heard(server, server.say(text)) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"/ask {WHO}", f"/ask {WHO}"),
        (f"/ASK {WHO}", f"/ASK {WHO}"),
        (f"/ask@QUOTH_test_bot {WHO}", f"/ask {WHO}"),
        (f"/ask\n{WHO}", f"/ask {WHO}"),
        ("/ask", "/ask"),
        ("/ask@quoth_test_bot", "/ask"),
        ("/help@quoth_test_bot", "/help"),
        ("/frobnicate@quoth_test_bot now", "/frobnicate now"),
        (f"@quoth_test_bot {WHO}", WHO),
        (f"@QUOTH_Test_Bot, {WHO}?", f"{WHO}?"),
        ("who appointed @quoth_test_bot Kyzym", WHO),
        ("🇺🇦 @quoth_test_bot who\nappointed Kyzym @quoth_test_bot", f"🇺🇦 {WHO}"),
        ("@quoth_test_bot", "/ask"),
        (" @quoth_test_bot\n", "/ask"),
        (WHO, None),
        ("/start", None),
        ("/help", None),
        ("/asking", None),
        (f"/ask@other_bot {WHO}", None),
        (f"/ask@quoth_test_bot2 {WHO}", None),
        (f"please /ask {WHO}", None),
        (f"@quoth_test_bot2 {WHO}", None),
        ("write to a@quoth_test_bot.com", None),
        ("@durov hello", None),
    ],
)
async def test_in_a_group_a_command_of_the_bot_and_its_mention_are_for_the_bot(
    server: TelegramServer, text: str, said: str | None
) -> None:
    assert heard(server, server.say(text, chat=GROUP)) == said
    assert heard(server, server.say(text, chat=GROUP, media="photo")) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (WHO, WHO),
        (f"/ask {WHO}", f"/ask {WHO}"),
        (f"@quoth_test_bot {WHO}", WHO),
        ("@durov is that so?", "@durov is that so?"),
        ("/ask", "/ask"),
        ("@quoth_test_bot", "/ask"),
        ("/help", None),
        ("/ask@other_bot who", None),
    ],
)
async def test_a_reply_to_the_bot_is_for_the_bot(server: TelegramServer, text: str, said: str | None) -> None:
    assert heard(server, server.say(text, chat=GROUP, reply_to=answered(server, GROUP))) == said


async def test_a_reply_to_somebody_else_is_not_for_the_bot(server: TelegramServer) -> None:
    first = server.say("hello", chat=GROUP)
    assert heard(server, server.say("hello yourself", chat=GROUP, reply_to=first, user=1002)) is None


@pytest.mark.parametrize("bare", ["/ask", "/ASK", "/ask@Quoth_test_bot", "@quoth_test_bot"])
@pytest.mark.parametrize(
    ("said", "question"),
    [
        (WHO, f"/ask {WHO}"),
        (f"@quoth_test_bot {WHO}", f"/ask {WHO}"),
        ("Where is @durov?", "/ask Where is @durov?"),
        ("", "/ask"),
    ],
)
@pytest.mark.parametrize("media", ["", "photo"])
async def test_a_bare_command_or_mention_asks_what_the_message_says_that_it_replies_to(
    server: TelegramServer, bare: str, said: str, question: str, media: str
) -> None:
    for chat in (GROUP, 1001):
        first = server.say(said, chat=chat, media=media if said else "sticker")
        assert heard(server, server.say(bare, chat=chat, reply_to=first, user=1002)) == question


async def test_of_a_message_that_is_quoted_only_the_quoted_part_is_asked(server: TelegramServer) -> None:
    quote = {"text": "appointed Kyzym", "position": 4}
    replied = server.say(WHO, chat=GROUP)
    assert heard(server, server.say("/ask", chat=GROUP, reply_to=replied, quote=quote)) == "/ask appointed Kyzym"
    assert heard(server, server.say("/ask whom", chat=GROUP, reply_to=replied, quote=quote)) == "/ask whom"
    ours = answered(server, GROUP)
    assert heard(server, server.say("/ask", chat=GROUP, reply_to=ours, quote=quote)) == "/ask appointed Kyzym"


async def test_the_first_message_of_a_topic_is_no_question(server: TelegramServer) -> None:
    forum = server.group(-1_001_000_000_400, "Forum", topics={TALK: "Talk"})
    assert heard(server, server.say("/ask", chat=forum, thread=TALK)) == "/ask"


async def test_administrators_may_be_anonymous_and_people_may_speak_as_their_channel(server: TelegramServer) -> None:
    for chat in (GROUP, CHANNEL):
        assert heard(server, server.say(f"/ask {WHO}", chat=GROUP, as_chat=chat)) == f"/ask {WHO}"
        assert heard(server, server.say(WHO, chat=GROUP, as_chat=chat)) is None


async def test_what_no_person_has_written_is_not_for_the_bot(server: TelegramServer) -> None:
    other_bot = {"id": 99, "is_bot": True, "first_name": "Other", "username": "other_bot"}
    for chat in (GROUP, 1001):
        assert heard(server, server.say(f"@quoth_test_bot {WHO}", chat=chat, via_bot=server.me)) is None
        assert heard(server, server.say(f"@quoth_test_bot {WHO}", chat=chat, via_bot=other_bot)) == WHO
        written = server.say(f"@quoth_test_bot {WHO}", chat=chat)
        server.updates.waiting[written]["message"] = {**server.messages[written.key], "from": other_bot}
        assert heard(server, written) is None
    assert heard(server, server.say(f"@quoth_test_bot {WHO}", chat=CHANNEL)) is None


async def test_a_post_that_is_forwarded_into_its_discussion_is_not_for_the_bot(server: TelegramServer) -> None:
    server.group(GROUP, discusses=CHANNEL)
    server.say(f"@quoth_test_bot {WHO}", chat=CHANNEL)
    forwarded = max(server.updates.waiting)
    assert heard(server, Said(forwarded)) is None
    comment = server.say("/ask", chat=GROUP, reply_to=(GROUP, server.last_message[GROUP]))
    assert heard(server, comment) == f"/ask {WHO}"


async def test_a_message_without_words_says_nothing_in_a_group(server: TelegramServer) -> None:
    assert heard(server, server.say("", chat=GROUP, media="sticker")) is None
