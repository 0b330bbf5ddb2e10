"""`quoth run` as a process, and people who meet the bot elsewhere: inline, as a guest, by a link, in a new group."""

import json
import time
from pathlib import Path

from bot.wording import wording
from tests.processes import PATIENCE, contents, running
from tests.serving import buttons, recorded, rows
from tests.telegram_client import until
from tests.telegram_limits import Json
from tests.telegram_server import Fault, TelegramServer

KYZYM = "who appointed Kyzym"
ANSWER = "By the decision of the Minister of Foreign Affairs"
ELSEWHERE: Json = {"id": -1_009_000_000_001, "type": "supergroup", "title": "Elsewhere"}
SENDER, READER = 7_123_456_789, 7_987_654_321
KINDS = {
    *("message", "edited_message", "callback_query", "my_chat_member"),
    *("inline_query", "chosen_inline_result", "guest_message"),
}


async def test_a_quote_is_sent_from_one_chat_and_opened_by_somebody_else_after_a_restart(
    server: TelegramServer, tmp_path: Path
) -> None:
    async with running(server, tmp_path) as service:
        await service.logged("answers from")
        query = server.inline(KYZYM, user=SENDER)
        (offered, *_) = json.loads((await query.answered(PATIENCE))["results"])
        assert set(server.updates.allowed) >= KINDS
        assert await service.stop() == 0
    inline = server.choose(query, offered["id"], user=SENDER)
    context, share = buttons(server.inline_messages[inline]["reply_markup"])
    async with running(server, tmp_path) as service:
        server.say(f"/start {str(context['url']).partition('=')[2]}", user=READER, language="uk")
        opened = await server.next_sent(PATIENCE)
        assert (opened.chat_id, ANSWER in opened.text) == (READER, True)
        again = server.inline(str(share["switch_inline_query"]), user=READER)
        assert json.loads((await again.answered(PATIENCE))["results"])[0]["id"] == offered["id"]
        assert await service.stop() == 0
    assert recorded(tmp_path) == [(KYZYM, "answered", 1)]
    for content in contents(tmp_path).values():
        assert str(SENDER).encode() not in content
    assert server.refusals == []


async def test_what_was_typed_before_a_kill_is_let_go_and_what_was_chosen_is_recorded_once(
    server: TelegramServer, tmp_path: Path
) -> None:
    async with running(server, tmp_path) as service:
        await service.logged("answers from")
        query = server.inline(KYZYM)
        (offered, *_) = json.loads((await query.answered(PATIENCE))["results"])
        server.fail_next("answerInlineQuery", Fault.bad_gateway(), times=50)
        late = [server.inline(text) for text in ("who", "who appointed", KYZYM)]
        server.choose(query, offered["id"])
        await until(lambda: not server.updates.waiting)
        service.process.kill()
        await service.end()
    server._faults.clear()
    for each in late:
        each.is_expired = True
    async with running(server, tmp_path) as service:
        server.say("hello")
        await server.next_sent(PATIENCE)
        await until(lambda: rows(tmp_path, "SELECT count(*) FROM inbox WHERE body IS NOT NULL") == [(0,)])
        assert await service.stop() == 0
    assert "WARNING" not in "".join(service.lines)
    assert [row for row in recorded(tmp_path) if row[0] == KYZYM] == [(KYZYM, "answered", 1)]


async def test_a_guest_a_group_and_a_typist_wait_for_nobody(server: TelegramServer, tmp_path: Path) -> None:
    words = wording("be")
    server.group(-200, kind="group")
    server.stand(-200, "left")
    async with running(server, tmp_path) as service:
        await service.logged("answers from")
        server.fail_next("sendMessage", Fault.slow(3))
        server.say(KYZYM, user=SENDER)
        assert ANSWER in (await server.next_sent(PATIENCE)).text
        began = time.monotonic()
        query, guest = server.inline(KYZYM, user=SENDER), server.ask_guest(f"@quoth_test_bot {KYZYM}", ELSEWHERE)
        server.change_standing(-200, "member")
        await query.answered(PATIENCE)
        await guest.answered(PATIENCE)
        said = [await server.next_sent(PATIENCE) for _ in range(2)]
        assert time.monotonic() - began < 2.5
        nothing = await server.inline("xyzzy", user=SENDER, language="be").answered(PATIENCE)
        assert await service.stop() == 0
    assert {message.chat_id for message in said} == {0, -200}
    assert json.loads((query.answer or {})["results"])
    assert json.loads(nothing["button"])["text"] == words("nothing")
    assert server.refusals == []
    assert recorded(tmp_path) == [(KYZYM, "answered", 1)] * 2
