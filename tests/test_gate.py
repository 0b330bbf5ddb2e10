"""Who is let in: the same for messages, edits and presses, in private and in groups."""

from pathlib import Path

import pytest

from bot.wording import wording
from retrieval.index import Index
from tests.desk import Desk, data
from tests.folders import read
from tests.telegram_server import TelegramServer

PERSON, OTHER, ADMIN = 1001, 1002, 1003
GROUP, STRANGE_GROUP = -1_001_000_000_200, -1_001_000_000_300
KYZYM = "who appointed Kyzym"
INDEX = Index(read({"a.txt": "Kyzym was appointed by the minister."}).documents)


@pytest.mark.parametrize(
    ("settings", "let_in"),
    [
        ({}, {(PERSON, 0), (OTHER, 0), (ADMIN, 0), (OTHER, GROUP), (OTHER, STRANGE_GROUP)}),
        ({"allowed_users": {PERSON}}, {(PERSON, 0), (ADMIN, 0)}),
        ({"allowed_users": {OTHER}}, {(OTHER, 0), (ADMIN, 0), (OTHER, GROUP), (OTHER, STRANGE_GROUP)}),
        ({"allowed_chats": {GROUP}}, {(ADMIN, 0), (OTHER, GROUP)}),
        ({"allowed_chats": {GROUP}, "allowed_users": {PERSON}}, {(PERSON, 0), (ADMIN, 0), (OTHER, GROUP)}),
        ({"allowed_chats": {OTHER}}, {(OTHER, 0), (ADMIN, 0)}),
    ],
)
async def test_messages_edits_and_presses_are_for_those_on_the_lists(
    server: TelegramServer, tmp_path: Path, settings: dict[str, set[int]], let_in: set[tuple[int, int]]
) -> None:
    server.group(GROUP)
    server.group(STRANGE_GROUP)
    async with Desk(server, tmp_path, INDEX, admins={ADMIN}, **settings) as desk:
        for user, chat in ((PERSON, 0), (OTHER, 0), (ADMIN, 0), (OTHER, GROUP), (OTHER, STRANGE_GROUP)):
            answers = len(server.sent), len(server.edits)
            said = server.say("/ask xyzzy", user=user, chat=chat)
            await desk.work()
            await desk.edit(said, f"/ask {KYZYM}")
            is_in = (user, chat) in let_in
            assert (len(server.sent), len(server.edits)) == (answers[0] + is_in, answers[1] + is_in)
            query = await desk.press((chat or user, 9), "page:x:1", user=user, forged=True)
            assert query.answer is not None
            assert query.answer["text"] == wording("en")("stale" if is_in else "not_for_you")
    assert (server.refusals, server.unanswered) == ([], [])


async def test_in_an_allowed_group_an_anonymous_administrator_is_answered_and_strangers_vote(
    server: TelegramServer, tmp_path: Path
) -> None:
    server.group(GROUP)
    async with Desk(server, tmp_path, INDEX, allowed_chats={GROUP}) as desk:
        answer = await desk.ask(f"/ask {KYZYM}", chat=GROUP, as_chat=GROUP)
        query = await desk.press(answer, data(answer)[-1], user=OTHER)
        assert query.answer is not None
        assert query.answer["text"] == wording("en")("voted")


@pytest.mark.parametrize("language", ["en", "uk", "ru", "be"])
async def test_strangers_who_press_are_told_in_their_own_language(
    server: TelegramServer, tmp_path: Path, language: str
) -> None:
    async with Desk(server, tmp_path, INDEX, allowed_users={PERSON}) as desk:
        answer = await desk.ask(KYZYM, user=PERSON)
        for button in (*data(answer), "page:x:1"):
            query = await desk.press(answer, button, user=OTHER, language=language, forged=True)
            assert query.answer is not None
            assert query.answer["text"] == wording(language)("not_for_you")
    assert (server.edits, len(server.sent)) == ([], 1)


async def test_a_strangers_press_that_waited_too_long_is_no_fault(server: TelegramServer, tmp_path: Path) -> None:
    async with Desk(server, tmp_path, INDEX, allowed_users={PERSON}) as desk:
        server.press((OTHER, 5), "page:x:1", user=OTHER, forged=True).is_expired = True
        await desk.work()
        assert (await desk.ask(KYZYM, user=PERSON)).chat_id == PERSON
