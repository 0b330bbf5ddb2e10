"""Edited questions: the answer follows, in its place, for as long as it can be edited."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from telegram.error import ChatMigrated

from bot.wording import wording
from retrieval.index import Index
from tests.desk import Desk, buttons
from tests.telegram_server import Fault, TelegramServer

KYZYM = "who appointed Kyzym"
ANSWER = "By the decision of the Minister of Foreign Affairs"
EN = wording("en")
GROUP, FORUM, TALK = -1_001_000_000_200, -1_001_000_000_300, 5


@pytest_asyncio.fixture
async def desk(server: TelegramServer, tmp_path: Path, index: Index) -> AsyncIterator[Desk]:
    async with Desk(server, tmp_path, index) as desk:
        yield desk
    assert server.unanswered == []


@pytest.mark.parametrize("chat", [1001, GROUP])
async def test_the_answer_to_an_edited_question_is_edited(desk: Desk, chat: int) -> None:
    desk.server.group(GROUP)
    said = desk.server.say("/ask xyzzy", chat=chat)
    await desk.work()
    (answer,) = desk.server.sent
    assert buttons(answer) == []
    await desk.edit(said, f"/ask {KYZYM}")
    (edited,) = desk.server.edits
    assert (edited.chat_id, edited.message_id, ANSWER in edited.text) == (chat, answer.message_id, True)
    await desk.press(edited, "Next ▶")
    await desk.edit(said, "/ask Belarus")
    await desk.edit(said, f"/ask {KYZYM}")
    assert desk.shown(answer) == edited.text
    await desk.edit(said, "/ask xyzzy")
    assert (desk.shown(answer), buttons(desk.server.edits[-1])) == (answer.text, [])
    assert (len(desk.server.sent), desk.server.refusals) == (1, [])
    assert [text for (text,) in desk.rows("SELECT text FROM question ORDER BY id")] == [
        *("xyzzy", KYZYM, "Belarus", KYZYM, "xyzzy")
    ]


async def test_an_edit_that_asks_the_same_changes_nothing(desk: Desk) -> None:
    said = desk.server.say(f"/ask {KYZYM}")
    await desk.work()
    for text in (f"/ask {KYZYM}", KYZYM, f"/ASK   {KYZYM}"):
        await desk.edit(said, text)
    assert (len(desk.server.sent), desk.server.edits) == (1, [])


async def test_a_question_that_becomes_a_command_keeps_its_answer(desk: Desk) -> None:
    said = desk.server.say(KYZYM)
    await desk.work()
    await desk.edit(said, "/help")
    answer, help_ = desk.server.sent
    assert help_.text.startswith("Write a question")
    await desk.press(answer, "Next ▶")
    await desk.press(answer, "◀ Previous")
    await desk.edit(said, KYZYM)
    assert desk.shown(answer) == answer.text
    await desk.edit(said, "Belarus")
    assert desk.shown(answer) != answer.text
    assert len(desk.server.sent) == 2


async def test_a_command_that_becomes_a_question_is_answered_then(desk: Desk) -> None:
    for before in ("/ask", "/hlep", "/start"):
        said = desk.server.say(before)
        await desk.work()
        await desk.edit(said, f"/ask {KYZYM}")
        assert ANSWER in desk.server.sent[-1].text
        await desk.edit(said, "/ask xyzzy")
        assert desk.server.edits[-1].message_id == desk.server.sent[-1].message_id
    assert len(desk.server.sent) == 6


async def test_a_caption_that_is_taken_away_changes_nothing(desk: Desk) -> None:
    said = desk.server.say(KYZYM, media="photo")
    await desk.work()
    await desk.edit(said, "")
    assert (len(desk.server.sent), desk.server.edits) == (1, [])
    await desk.edit(said, "xyzzy")
    assert len(desk.server.edits) == 1


async def test_in_a_group_talk_becomes_a_question_and_a_question_talk(desk: Desk) -> None:
    desk.server.group(GROUP)
    desk.server.abilities["can_read_all_group_messages"] = True
    said = desk.server.say(KYZYM, chat=GROUP)
    await desk.work()
    assert desk.server.sent == []
    await desk.edit(said, f"@quoth_test_bot {KYZYM}")
    (answer,) = desk.server.sent
    assert ANSWER in answer.text
    await desk.edit(said, "never mind")
    assert (desk.server.edits, len(desk.server.sent)) == ([], 1)


async def test_in_a_topic_the_edited_answer_stays_where_it_is(desk: Desk) -> None:
    desk.server.group(FORUM, topics={TALK: "Talk"})
    said = desk.server.say("/ask xyzzy", chat=FORUM, thread=TALK)
    await desk.work()
    await desk.edit(said, f"/ask {KYZYM}")
    (answer,) = desk.server.sent
    shown = desk.server.messages[FORUM, answer.message_id]
    assert (shown["message_thread_id"], ANSWER in str(shown["text"])) == (TALK, True)
    assert desk.server.refusals == []


@pytest.mark.parametrize("fate", ["deleted", "too old"])
async def test_an_answer_that_cannot_be_edited_any_more_is_sent_anew(desk: Desk, fate: str) -> None:
    said = desk.server.say("/ask xyzzy")
    await desk.work()
    if fate == "deleted":
        del desk.server.messages[1001, desk.server.sent[0].message_id]
    else:
        desk.server.fail_next("editMessageText", Fault.bad_request("Bad Request: message can't be edited"))
    await desk.edit(said, KYZYM)
    _, anew = desk.server.sent
    assert ANSWER in anew.text
    await desk.press(anew, "Next ▶")
    await desk.edit(said, "Belarus")
    assert (len(desk.server.sent), desk.server.edits[-1].message_id) == (2, anew.message_id)


async def test_an_edit_finds_its_answer_in_another_process(
    server: TelegramServer, tmp_path: Path, index: Index
) -> None:
    async with Desk(server, tmp_path, index) as desk:
        said = server.say("xyzzy")
        await desk.work()
    async with Desk(server, tmp_path, index) as desk:
        await desk.edit(said, KYZYM)
    assert (len(server.sent), ANSWER in server.edits[0].text) == (1, True)


async def test_what_is_forgotten_is_answered_anew(desk: Desk) -> None:
    said = desk.server.say("xyzzy")
    await desk.work()
    desk.change("DELETE FROM question")
    await desk.edit(said, KYZYM)
    assert (len(desk.server.sent), desk.server.edits) == (2, [])


async def test_an_edit_of_long_ago_is_not_answered_after_an_outage(desk: Desk) -> None:
    said = desk.server.say("xyzzy")
    await desk.work()
    ago = desk.server.messages[said.key]["date"]
    assert isinstance(ago, int)
    desk.server.edit(said, KYZYM, edit_date=ago - 2 * 3600)
    await desk.work()
    assert ([sent.text for sent in desk.server.sent[1:]], desk.server.edits) == ([EN("was_away")], [])


async def test_an_old_question_that_is_edited_now_is_answered(desk: Desk) -> None:
    said = desk.server.say("xyzzy")
    await desk.work()
    desk.server.messages[said.key]["date"] = int(str(desk.server.messages[said.key]["date"])) - 40 * 3600
    await desk.edit(said, KYZYM)
    assert ANSWER in desk.server.edits[0].text


async def test_a_group_that_became_a_supergroup_gets_a_new_answer_and_keeps_its_others(desk: Desk) -> None:
    server, old, new = desk.server, -200, GROUP
    server.group(old, "Old", kind="group")
    server.say("hello", chat=old)
    said = server.say("/ask xyzzy", chat=old)
    await desk.work()
    server.migrate(old, new)
    other = await desk.ask("/ask xyzzy", chat=new)
    assert other.message_id == server.sent[0].message_id
    server.edit(said, f"/ask {KYZYM}")
    await desk.work()
    assert desk.shown(other) == other.text
    answer = server.sent[-1]
    assert (answer.chat_id, ANSWER in answer.text) == (new, True)
    assert "reply_to_message" not in server.messages[new, answer.message_id]
    await desk.press(answer, "Next ▶")
    assert (server.edits[-1].chat_id, desk.shown(answer) != answer.text) == (new, True)
    await desk.edit((new, said.key[1]), "/ask Belarus")  # a message of the same number in the new chat
    assert server.edits[-1].message_id == other.message_id


async def test_a_question_that_waited_while_its_group_became_a_supergroup_is_answered_there(desk: Desk) -> None:
    server, old, new = desk.server, -200, GROUP
    server.group(old, "Old", kind="group")
    server.say(f"/ask {KYZYM}", chat=old)
    server.migrate(old, new)
    await desk.work()
    (answer,) = server.sent
    assert (answer.chat_id, "reply_to_message" in server.messages[new, answer.message_id]) == (new, False)
    await desk.press(answer, "In context")
    assert desk.shown(answer) != answer.text
    assert [refusal.description.partition(": ")[2] for refusal in server.refusals] == [
        "group chat was upgraded to a supergroup chat"
    ]


async def test_a_press_in_a_group_that_became_a_supergroup_changes_nothing(desk: Desk) -> None:
    server, old, new = desk.server, -200, GROUP
    server.group(old, "Old", kind="group")
    server.say("hello", chat=old)
    answer = await desk.ask(f"/ask {KYZYM}", chat=old)
    server.migrate(old, new)
    other = await desk.ask("/ask xyzzy", chat=new)
    assert other.message_id == answer.message_id
    for _ in range(2):
        with pytest.raises(ChatMigrated):
            await desk.press(answer, "Next ▶")
    assert desk.shown(other) == other.text
