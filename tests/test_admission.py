"""Who is let in when a listed group becomes a supergroup, and who is told that they are not."""

import json
from pathlib import Path

import pytest

from bot.wording import wording
from retrieval.index import Index
from tests.serving import serving, settled
from tests.telegram_server import TelegramServer

KYZYM = "/ask who appointed Kyzym"
GROUP, SUPERGROUP = -200, -1_001_000_000_200
STRANGER = 1002


async def test_a_listed_group_that_becomes_a_supergroup_is_let_in_and_the_operator_told(
    server: TelegramServer, index: Index, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server.group(GROUP, kind="group")
    server.group(GROUP - 1, kind="group")
    async with serving(server, index, tmp_path, allowed_chats={GROUP}) as service:
        server.migrate(GROUP, SUPERGROUP)
        server.migrate(GROUP - 1, SUPERGROUP - 1)  # of one that is not listed nothing follows
        await settled(server, service)
        server.say(KYZYM, chat=SUPERGROUP - 1)
        server.say(KYZYM, chat=SUPERGROUP)
        assert (await server.next_sent()).chat_id == SUPERGROUP
    assert len(server.sent) == 1
    assert "group -200 has become the supergroup -1001000000200" in caplog.text
    assert str(SUPERGROUP - 1) not in caplog.text


async def test_a_stranger_who_presses_a_button_is_told_so_if_not_too_late(
    server: TelegramServer, index: Index, tmp_path: Path
) -> None:
    async with serving(server, index, tmp_path, allowed_users={STRANGER}) as service:
        server.say("who appointed Kyzym", user=STRANGER)
        sent = await server.next_sent()
        press = server.press(sent, wording("en")("in_context"), user=1001, language="uk")
        assert (await press.answered())["text"] == wording("uk")("not_for_you")
        server.press(sent, wording("en")("in_context"), user=1001).is_expired = True
        await settled(server, service)
        assert [json.loads(refusal.call.params["callback_query_id"]) for refusal in server.refusals] != []
        server.refusals.clear()
    assert server.edits == []
