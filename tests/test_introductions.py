"""The bot comes to a group: what it says there, and that it says it once."""

import logging
from pathlib import Path
from typing import Any

import pytest
from telegram import Update

from bot.introductions import Introductions
from bot.wording import PLURALS, wording
from retrieval.index import Index
from tests.serving import recorded, serving, settled
from tests.telegram_server import TelegramServer

PERSON, STRANGER = 1001, 1002
GROUP, SUPERGROUP = -200, -1_001_000_000_200


def arrival(server: TelegramServer, chat: int = GROUP, status: str = "member", **rights: int) -> int:
    """A group that the bot is let into."""
    server.group(chat, kind="group" if chat == GROUP else "supergroup")
    server.stand(chat, "left")
    server.change_standing(chat, status, **rights)
    return chat


@pytest.mark.parametrize("language", PLURALS)
async def test_it_says_what_it_is_and_how_to_ask_there_to_whoever_let_it_in(
    server: TelegramServer, index: Index, tmp_path: Path, language: str
) -> None:
    words = wording(language)
    server.group(GROUP, kind="group")
    change = {"user": server.me, "status": "left"}, {"user": server.me, "status": "member"}
    by = {"id": PERSON, "is_bot": False, "first_name": "P", "language_code": language}
    async with serving(server, index, tmp_path) as service:
        server.push(
            {
                "my_chat_member": {
                    "chat": server.chats[GROUP],
                    "from": by,
                    "date": 1,
                    "old_chat_member": change[0],
                    "new_chat_member": change[1],
                }
            }
        )
        await settled(server, service)
    (said,) = server.sent
    assert (said.chat_id, said.text) == (GROUP, f"{words('introduction')}\n\n{words('ask_here')}")
    assert recorded(tmp_path) == []


@pytest.mark.parametrize(("reads_all", "status"), [(True, "member"), (False, "administrator")])
async def test_it_speaks_of_mentions_where_they_reach_it(
    server: TelegramServer, index: Index, tmp_path: Path, status: str, *, reads_all: bool
) -> None:
    server.abilities["can_read_all_group_messages"] = reads_all
    async with serving(server, index, tmp_path) as service:
        arrival(server, status=status)
        await settled(server, service)
    assert server.sent[0].text.endswith(wording("en")("ask_here_or_mention"))


async def test_it_says_so_once_however_often_it_goes_and_comes_back(
    server: TelegramServer, index: Index, tmp_path: Path
) -> None:
    for _ in range(2):  # two lives
        async with serving(server, index, tmp_path) as service:
            arrival(server)
            for status in ("left", "member", "kicked", "member", "administrator", "member"):
                server.change_standing(GROUP, status)
            await settled(server, service)
    assert len(server.sent) == 1


async def test_a_group_that_becomes_a_supergroup_knows_it_already(
    server: TelegramServer, index: Index, tmp_path: Path
) -> None:
    async with serving(server, index, tmp_path) as service:
        for number, is_told_first in enumerate([True, False]):
            old, new = GROUP - number, SUPERGROUP - number
            server.group(old, kind="group")
            server.stand(old, "left")
            server.change_standing(old, "member")
            await server.next_sent()
            if is_told_first:
                arrival(server, new)
            server.migrate(old, new)
            if not is_told_first:
                arrival(server, new)
        await settled(server, service)
    assert len(server.sent) == 2


async def test_a_supergroup_hears_it_too(server: TelegramServer, index: Index, tmp_path: Path) -> None:
    async with serving(server, index, tmp_path):
        arrival(server, SUPERGROUP)
        assert (await server.next_sent()).chat_id == SUPERGROUP


async def test_where_it_may_not_speak_it_is_silent_without_a_fault(
    server: TelegramServer, index: Index, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(server, index, tmp_path) as service:
        arrival(server, status="restricted", is_member=True)
        await settled(server, service)
        arrival(server, GROUP - 1)
        server.stand(GROUP - 1, "kicked")
        await settled(server, service)
        assert [refusal.code for refusal in server.refusals] == [400, 403]
        server.refusals.clear()
    assert server.sent == []
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_what_becomes_of_it_elsewhere_is_nothing_to_speak_of(
    server: TelegramServer, index: Index, tmp_path: Path
) -> None:
    server.group(SUPERGROUP, kind="channel")
    async with serving(server, index, tmp_path) as service:
        server.say("/help")
        await server.next_sent()
        for status in ("kicked", "member"):  # a person blocks it, and thinks better of it
            server.change_standing(PERSON, status)
        server.stand(SUPERGROUP, "left")
        server.change_standing(SUPERGROUP, "administrator")
        server.group(GROUP, kind="group")
        server.change_standing(GROUP, "restricted", is_member=False)
        server.change_standing(GROUP, "kicked")
        await settled(server, service)
    assert len(server.sent) == 1


@pytest.mark.parametrize(("settings", "said"), [({"allowed_users": {STRANGER}}, 0), ({"allowed_chats": {GROUP}}, 1)])
async def test_the_lists_hold(
    server: TelegramServer, index: Index, tmp_path: Path, settings: dict[str, set[int]], said: int
) -> None:
    async with serving(server, index, tmp_path, **settings) as service:
        arrival(server)
        await settled(server, service)
    assert len(server.sent) == said


async def test_an_update_of_another_kind_is_passed_over() -> None:
    nothing: Any = None
    introductions = Introductions(nothing)
    await introductions.on_member(Update(1), nothing)
    await introductions.on_migration(Update(1), nothing)
