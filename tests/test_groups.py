"""`quoth run` in groups, forums and discussions, as a process: who is answered, where, and what is passed over."""

import itertools
import json
from collections.abc import AsyncIterator
from signal import SIGKILL

import pytest
import pytest_asyncio

from bot.wording import wording
from tests.flows import answer, assert_silent, assert_well, turned
from tests.processes import PATIENCE, running
from tests.telegram_client import until
from tests.telegram_records import SentMessage
from tests.telegram_server import TelegramServer

pytestmark = pytest.mark.asyncio(loop_scope="module")

KYZYM = "who appointed Kyzym"
ANSWER = "By the decision of the Minister of Foreign Affairs"
EN = wording("en")
TALK, OTHER = 5, 6
IDS = itertools.count(-1_001_000_000_200, -1)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running_bot(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[TelegramServer]:
    """Telegram with the bot at it, the same process for all tests of this file."""
    async with (
        TelegramServer() as server,
        running(server, tmp_path_factory.mktemp("quoth"), QUOTH_QUESTIONS_PER_MINUTE="0") as service,
    ):
        await service.logged("answers from")
        yield server
        assert await service.stop() == 0


@pytest_asyncio.fixture(loop_scope="module")
async def server(running_bot: TelegramServer) -> AsyncIterator[TelegramServer]:
    yield running_bot
    running_bot.abilities["can_read_all_group_messages"] = False
    assert_well(running_bot)


@pytest.fixture
def group(server: TelegramServer) -> int:
    """A group of its own for each test."""
    return server.group(next(IDS))


def shown(server: TelegramServer, message: SentMessage) -> dict[str, object]:
    return server.messages[message.chat_id, message.message_id]


# Who is answered


@pytest.mark.parametrize(
    "text",
    [
        f"/ask {KYZYM}",
        f"/ASK {KYZYM}",
        f"/ask@quoth_test_bot {KYZYM}",
        f"/ask@QUOTH_test_bot\n{KYZYM}",
        f"@quoth_test_bot {KYZYM}",
        f"🇺🇦 {KYZYM}, @Quoth_Test_Bot?",
    ],
)
async def test_a_command_or_a_mention_is_answered_as_a_reply(server: TelegramServer, group: int, text: str) -> None:
    server.abilities["can_read_all_group_messages"] = True
    said = server.say(text, chat=group)
    sent = await server.next_sent(PATIENCE)
    assert (sent.chat_id, ANSWER in sent.text) == (group, True)
    replied = shown(server, sent)["reply_to_message"]
    assert isinstance(replied, dict)
    assert replied["message_id"] == said.key[1]


async def test_other_talk_is_passed_over(server: TelegramServer, group: int) -> None:
    server.abilities["can_read_all_group_messages"] = True
    said = server.say(KYZYM, chat=group)
    server.say(f"/ask@other_bot {KYZYM}", chat=group)
    server.say("/start", chat=group)
    server.say("@durov, who appointed Kyzym?", chat=group, reply_to=said)
    server.say(KYZYM, chat=group, via_bot=server.me)
    server.say("", chat=group, media="photo")
    server.say(KYZYM, chat=group, media="photo")
    server.edit(said, f"{KYZYM} then")
    await assert_silent(server, group)


async def test_a_reply_to_an_answer_is_a_question(server: TelegramServer, group: int) -> None:
    first = await answer(server, "/ask xyzzy", chat=group)
    second = await answer(server, KYZYM, chat=group, reply_to=first, user=1002)
    assert ANSWER in second.text
    assert (await answer(server, "thanks", chat=group, reply_to=second)).text == EN("thanks")


@pytest.mark.parametrize("bare", ["/ask", "/ask@quoth_test_bot", "@quoth_test_bot"])
async def test_a_bare_command_asks_for_the_question_and_the_reply_is_one(
    server: TelegramServer, group: int, bare: str
) -> None:
    server.abilities["can_read_all_group_messages"] = True
    prompt = await answer(server, bare, chat=group)
    assert prompt.text == EN("ask_empty")
    assert json.loads(prompt.params["reply_markup"]) == {"force_reply": True, "selective": True}
    server.abilities["can_read_all_group_messages"] = False
    assert ANSWER in (await answer(server, KYZYM, chat=group, reply_to=prompt)).text


async def test_a_bare_command_under_somebodys_question_answers_it(server: TelegramServer, group: int) -> None:
    said = server.say(f"@quoth_test_bot {KYZYM}", chat=group)
    assert not said  # privacy mode
    found = await answer(server, "/ask", chat=group, user=1002, reply_to=said)
    assert ANSWER in found.text
    assert "quoth_test_bot" not in found.text


async def test_a_caption_with_the_command_is_a_question(server: TelegramServer, group: int) -> None:
    assert ANSWER in (await answer(server, f"/ask {KYZYM}", chat=group, media="photo")).text


async def test_an_anonymous_administrator_is_answered_and_votes_as_a_person(server: TelegramServer, group: int) -> None:
    found = await answer(server, f"/ask {KYZYM}", chat=group, as_chat=group)
    assert ANSWER in found.text
    await turned(server, found, "In context")


async def test_every_person_is_answered_in_their_own_language(server: TelegramServer, group: int) -> None:
    for language in ("uk", "be", "ru", "en", "de"):
        sent = await answer(server, "/ask xyzzy", chat=group, language=language)
        assert sent.text.startswith(wording(language)("nothing"))


async def test_in_a_discussion_comments_are_answered_and_posts_are_not(server: TelegramServer, group: int) -> None:
    channel = server.group(next(IDS), "News", kind="channel")
    server.group(group, discusses=channel)
    server.abilities["can_read_all_group_messages"] = True
    server.say(f"/ask@quoth_test_bot {KYZYM}", chat=channel)
    post = group, server.last_message[group]
    await assert_silent(server, group)
    found = await answer(server, f"/ask {KYZYM}", chat=group, reply_to=post)
    assert (found.chat_id, ANSWER in found.text) == (group, True)
    assert ANSWER in (await answer(server, f"/ask {KYZYM}", chat=group, as_chat=channel)).text


# Where it is answered


async def test_in_a_forum_an_answer_and_all_that_becomes_of_it_stay_in_the_topic(server: TelegramServer) -> None:
    forum = server.group(next(IDS), "Forum", topics={TALK: "Talk", OTHER: "Other"})
    for thread in (TALK, OTHER, 0):
        said = server.say(f"/ask {KYZYM}", chat=forum, thread=thread)
        found = await server.next_sent(PATIENCE)
        await turned(server, found, "Next ▶")
        server.edit(said, "/ask Belarus")
        await server.next_edit(PATIENCE)
        prompt = await answer(server, "/ask", chat=forum, thread=thread)
        again = await answer(server, KYZYM, chat=forum, reply_to=prompt)
        for message in (found, prompt, again):
            assert shown(server, message).get("message_thread_id", 0) == thread


async def test_a_chain_of_replies_in_a_plain_group_is_no_topic(server: TelegramServer, group: int) -> None:
    found = await answer(server, f"/ask {KYZYM}", chat=group)
    for _ in range(3):
        found = await answer(server, KYZYM, chat=group, reply_to=found)
    assert "message_thread_id" not in found.params


async def test_an_edited_question_is_answered_where_it_was(server: TelegramServer, group: int) -> None:
    said = server.say("/ask xyzzy", chat=group)
    first = await server.next_sent(PATIENCE)
    server.edit(said, f"/ask {KYZYM}")
    edited = await server.next_edit(PATIENCE)
    assert (edited.message_id, ANSWER in edited.text) == (first.message_id, True)
    server.edit(said, f"/ask  {KYZYM}")
    await assert_silent(server, group)


async def test_the_next_question_is_answered_although_one_could_not_be(server: TelegramServer, group: int) -> None:
    forum = server.group(next(IDS), "Forum", topics={TALK: "Talk"})
    server.close_topic(forum, TALK)
    server.stand(group, "restricted")
    for chat, thread in ((forum, TALK), (group, 0), (1_009, 0)):
        server.blocked.add(1_009)
        server.say(f"/ask {KYZYM}", chat=min(0, chat), thread=thread, user=1_009)
    assert ANSWER in (await answer(server, KYZYM, user=1_010)).text
    await until(lambda: len(server.refusals) == 3)
    server.blocked.discard(1_009)
    server.stand(group, "member")
    server.close_topic(forum, TALK, is_closed=False)
    for chat, thread in ((forum, TALK), (group, 0), (0, 0)):
        assert ANSWER in (await answer(server, f"/ask {KYZYM}", chat=chat, thread=thread, user=1_009)).text
    assert {refusal.description for refusal in server.refusals} == {
        "Bad Request: TOPIC_CLOSED",
        "Bad Request: not enough rights to send text messages to the chat",
        "Forbidden: bot was blocked by the user",
    }
    server.refusals.clear()


async def test_a_group_that_becomes_a_supergroup_is_answered_under_its_new_id(server: TelegramServer) -> None:
    old, new = -777, next(IDS)
    server.group(old, "Old", kind="group")
    await answer(server, f"/ask {KYZYM}", chat=old)
    server.migrate(old, new)
    found = await answer(server, f"/ask {KYZYM}", chat=new)
    assert (found.chat_id, ANSWER in found.text) == (new, True)
    await turned(server, found, "In context")


async def test_what_was_asked_before_a_kill_is_answered_in_its_topic_once(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("killed")
    async with TelegramServer() as server:
        forum = server.group(next(IDS), "Forum", topics={TALK: "Talk"})
        async with running(server, folder) as service:
            said = server.say("/ask xyzzy", chat=forum, thread=TALK)
            first = await server.next_sent(PATIENCE)
            await assert_silent(server, forum)  # by then the first answer is recorded
            await service.stop(SIGKILL)
        server.edit(said, f"/ask {KYZYM}")
        async with running(server, folder):
            edited = await server.next_edit(PATIENCE)
            assert (edited.message_id, ANSWER in edited.text) == (first.message_id, True)
            assert shown(server, edited)["message_thread_id"] == TALK
        assert_well(server)
