"""Groups of all sorts: topics, administrators without a name, channels and what is discussed of them, removals."""

import logging
from pathlib import Path

import pytest

from retrieval.index import Index
from tests.serving import calls_of, recorded, serving, settled
from tests.telegram_server import TelegramServer

BOT = "@quoth_test_bot"
KYZYM, ASK = "who appointed Kyzym", "/ask who appointed Kyzym"
ANSWER = "By the decision of the Minister of Foreign Affairs"
GROUP, CHANNEL = -1_001_000_000_200, -1_001_000_000_300
TOPIC, OTHER_TOPIC = 50, 60


@pytest.fixture(autouse=True)
def _hears_all(server: TelegramServer) -> None:
    """Privacy is off: whatever is not for the bot arrives, too."""
    server.abilities["can_read_all_group_messages"] = True


# Topics


@pytest.mark.parametrize("text", [ASK, f"{KYZYM} {BOT}"])
async def test_an_answer_stays_in_its_topic_and_so_does_what_takes_its_place(
    server: TelegramServer, index: Index, tmp_path: Path, text: str
) -> None:
    server.group(GROUP, topics={TOPIC: "News", OTHER_TOPIC: "Talk"})
    async with serving(server, index, tmp_path) as service:
        for topic in (TOPIC, OTHER_TOPIC, 0):
            asked = server.say(text, chat=GROUP, thread=topic)
            sent = await server.next_sent()
            message = server.messages[GROUP, sent.message_id]
            assert (ANSWER in sent.text, message.get("message_thread_id", 0)) == (True, topic)
            await settled(server, service)
            server.edit(asked, text.replace(KYZYM, "who rigged the election"))
            edit = await server.next_edit()
            assert (edit.message_id, ANSWER in edit.text) == (sent.message_id, False)
            server.press(edit, "In context")
            assert (await server.next_edit()).message_id == sent.message_id
            await settled(server, service)
    assert len(server.sent) == 3


async def test_a_message_that_becomes_a_question_is_answered_in_its_topic(
    server: TelegramServer, index: Index, tmp_path: Path
) -> None:
    server.group(GROUP, topics={TOPIC: "News"})
    async with serving(server, index, tmp_path):
        said = server.say(KYZYM, chat=GROUP, thread=TOPIC)
        server.edit(said, ASK)
        sent = await server.next_sent()
    assert server.messages[GROUP, sent.message_id]["message_thread_id"] == TOPIC
    assert len(server.sent) == 1


async def test_a_topic_that_is_closed_costs_the_answer_and_no_fault(
    server: TelegramServer, index: Index, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server.group(GROUP, topics={TOPIC: "News"})
    async with serving(server, index, tmp_path) as service:
        server.say(ASK, chat=GROUP, thread=TOPIC)
        server.close_topic(GROUP, TOPIC)
        await settled(server, service)
        assert [refusal.description for refusal in server.refusals] == ["Bad Request: TOPIC_CLOSED"]
        server.refusals.clear()
    assert recorded(tmp_path) == [(KYZYM, "answered", 0)]
    assert [record.levelname for record in caplog.records if record.levelno >= logging.WARNING] == ["WARNING"]


async def test_a_topic_of_talk_gets_no_answer_for_its_opening_being_replied_to(
    server: TelegramServer, index: Index, tmp_path: Path
) -> None:
    """In a topic every message replies to the one that opened it, should nobody else's be replied to."""
    server.group(GROUP, topics={TOPIC: "News"})
    async with serving(server, index, tmp_path) as service:
        server.say(ASK, chat=GROUP, thread=TOPIC)
        await server.next_sent()
        server.say("a word between us", chat=GROUP, thread=TOPIC)
        server.say("/ask", chat=GROUP, thread=TOPIC)
        await settled(server, service)
    assert len(server.sent) == 2
    assert len(recorded(tmp_path)) == 1


# Whoever speaks


async def test_administrators_without_a_name_and_people_who_speak_as_a_channel_are_answered(
    server: TelegramServer, index: Index, tmp_path: Path
) -> None:
    server.group(CHANNEL, kind="channel")
    server.group(GROUP)
    async with serving(server, index, tmp_path, allowed_chats={GROUP}):
        for name in (GROUP, CHANNEL):
            server.say(ASK, chat=GROUP, as_chat=name)
            assert ANSWER in (await server.next_sent()).text
            server.say("a word between us", chat=GROUP, as_chat=name)
    assert len(server.sent) == 2


async def test_a_post_of_a_channel_is_no_question_wherever_it_appears(
    server: TelegramServer, index: Index, tmp_path: Path
) -> None:
    server.group(CHANNEL, kind="channel")
    server.group(GROUP, discusses=CHANNEL)
    async with serving(server, index, tmp_path) as service:
        post = server.say(f"{ASK} {BOT}", chat=CHANNEL)
        await settled(server, service)
        assert server.sent == []
        forwarded = server.last_message[GROUP]
        server.say(f"{KYZYM} {BOT}", chat=GROUP, reply_to=(GROUP, forwarded))  # a comment is one
        sent = await server.next_sent()
        assert (sent.chat_id, ANSWER in sent.text) == (GROUP, True)
        server.edit(post, f"{ASK} now")
    assert len(server.sent) == 1


# Groups that move


async def test_a_question_of_a_group_that_has_moved_meanwhile_is_answered_where_it_is_now(
    server: TelegramServer, index: Index, tmp_path: Path
) -> None:
    server.group(-200, kind="group")
    server.say(ASK, chat=-200)
    server.migrate(-200, GROUP)
    async with serving(server, index, tmp_path) as service:
        assert (await server.next_sent()).chat_id == GROUP
        await settled(server, service)
        server.refusals.clear()  # of the first try, which says where the group is now
        server.say(ASK, chat=GROUP)
        assert (await server.next_sent()).chat_id == GROUP
    assert {call["chat_id"] for call in calls_of(server, "sendMessage")[1:]} == {str(GROUP)}
