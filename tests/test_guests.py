"""Guest mode: questions in chats that the bot is not in."""

import logging
from pathlib import Path

import pytest
from tenacity import stop_after_attempt

from bot.rendering import render
from bot.wording import PLURALS, wording
from retrieval.index import Index
from retrieval.types import Answer
from tests import tdlib
from tests.processes import PATIENCE
from tests.serving import buttons, calls_of, recorded, rows, serving, settled
from tests.telegram_limits import Json
from tests.telegram_server import Fault, SentMessage, TelegramServer
from tests.telegram_shapes import person

BOT = "@quoth_test_bot"
KYZYM = "who appointed Kyzym"
PERSON, STRANGER = 1001, 1002
ELSEWHERE: Json = {"id": -1_009_000_000_001, "type": "supergroup", "title": "Elsewhere"}
OLD_GROUP: Json = {"id": -901, "type": "group", "title": "Old"}
#: A chat of two others: to the bot it looks like its own with one of them.
OF_TWO: Json = {"id": STRANGER, "type": "private", "first_name": "Other"}
TALK: Json = {
    "message_id": 7,
    "date": 1,
    "chat": ELSEWHERE,
    "text": KYZYM,
    "from": {"id": STRANGER, "is_bot": False, "first_name": "Other"},
}


class BrokenIndex(Index):
    """An index in which a fault shows at every question."""

    def ask(self, question: str, limit: int = 3) -> Answer:
        raise RuntimeError(f"a fault, at {len(question)} letters and {limit}")


def quotations(sent: SentMessage) -> list[str]:
    """The quotations in a message, as Telegram shows it."""
    triples = [(str(e["type"]), int(str(e["offset"])), int(str(e["length"]))) for e in sent.entities]
    return tdlib.sent(sent.text, [tdlib.Entity(*triple) for triple in triples]).quotations()


async def test_a_mention_is_answered_like_any_question_with_buttons_that_lead_elsewhere(
    server: TelegramServer, index: Index, tmp_path: Path
) -> None:
    answer = index.ask(KYZYM)
    async with serving(server, index, tmp_path):
        server.ask_guest(f"{BOT} {KYZYM}", ELSEWHERE)
        sent = await server.next_sent()
    assert sent.text == render(answer, wording("en")).text
    assert [tdlib.clean(citation.quote) for citation in answer.citations] == [
        quote for quote in quotations(sent) if quote in {tdlib.clean(c.quote) for c in answer.citations}
    ]
    context, share = buttons(sent.markup)
    assert str(context["url"]).startswith("https://t.me/quoth_test_bot?start=p")
    assert share["switch_inline_query"] == KYZYM
    assert recorded(tmp_path, "text, verdict, delivered, asked_in, answered_in") == [(KYZYM, "answered", 1, None, None)]
    assert rows(tmp_path, "SELECT count(*) FROM citation") == [(len(answer.citations),)]


@pytest.mark.parametrize("chat", [ELSEWHERE, OLD_GROUP, OF_TWO], ids=lambda chat: str(chat["type"]))
async def test_wherever_it_is_asked_the_question_is_what_stands_beside_the_mention(
    server: TelegramServer, index: Index, tmp_path: Path, chat: Json
) -> None:
    async with serving(server, index, tmp_path):
        for text in (f"{BOT} {KYZYM}", f"{KYZYM} {BOT.upper()}", f"/ask{BOT} {KYZYM}", f"{BOT} /ask {KYZYM}", KYZYM):
            await server.ask_guest(text, chat).answered()
        await server.ask_guest(BOT, chat, reply_to_message={**TALK, "chat": chat}).answered()
        await server.ask_guest(f"{BOT} {KYZYM}", chat, reply_to_message={**TALK, "chat": chat, "text": "no"}).answered()
    assert recorded(tmp_path, "text") == [(KYZYM,)] * 7


@pytest.mark.parametrize("language", PLURALS)
async def test_silence_says_so_without_buttons(
    server: TelegramServer, index: Index, tmp_path: Path, language: str
) -> None:
    words = wording(language)
    async with serving(server, index, tmp_path):
        said = []
        for text in ("xyzzy", "", "/start", "/help"):
            server.ask_guest(f"{BOT} {text}", ELSEWHERE, language=language)
            said.append(await server.next_sent())
    assert [message.markup for message in said] == [None] * 4
    assert [message.text.partition("\n")[0] for message in said] == [words("nothing"), *[words("wordless")] * 3]


async def test_where_the_inline_mode_is_off_nothing_is_shared(
    server: TelegramServer, index: Index, tmp_path: Path
) -> None:
    server.abilities["supports_inline_queries"] = False
    async with serving(server, index, tmp_path):
        server.ask_guest(f"{BOT} {KYZYM}", ELSEWHERE)
        sent = await server.next_sent()
    assert [button["text"] for button in buttons(sent.markup)] == [wording("en")("in_context")]


async def test_over_the_allowance_it_is_said_once_and_no_question_waits(
    server: TelegramServer, index: Index, tmp_path: Path
) -> None:
    async with serving(server, index, tmp_path, questions_per_minute=1) as service:
        for _ in range(4):
            server.ask_guest(f"{BOT} {KYZYM}", ELSEWHERE)
        server.ask_guest(f"{BOT} {KYZYM}", ELSEWHERE, user=STRANGER)
        await settled(server, service)
    texts = [message.text for message in server.sent]
    assert (len(texts), texts.count(wording("en")("ask_later"))) == (3, 1)
    assert recorded(tmp_path) == [(KYZYM, "answered", 1)] * 2


@pytest.mark.parametrize(
    ("settings", "chat", "is_let_in"),
    [
        ({"allowed_users": {PERSON}}, ELSEWHERE, True),
        ({"allowed_users": {STRANGER}}, ELSEWHERE, False),
        ({"allowed_chats": {ELSEWHERE["id"]}}, ELSEWHERE, True),
        ({"allowed_chats": {OF_TWO["id"]}}, OF_TWO, False),  # its id is a listed person's, the chat is not
        ({"allowed_chats": {OF_TWO["id"]}, "admins": {PERSON}}, OF_TWO, True),
    ],
)
async def test_the_lists_hold(  # noqa: PLR0913
    server: TelegramServer, index: Index, tmp_path: Path, settings: dict[str, set[int]], chat: Json, *, is_let_in: bool
) -> None:
    async with serving(server, index, tmp_path, **settings) as service:
        server.ask_guest(f"{BOT} {KYZYM}", chat)
        await settled(server, service)
    assert (len(server.sent), len(recorded(tmp_path))) == (is_let_in, is_let_in)


@pytest.mark.parametrize(
    "more",
    [
        {"via_bot": {"id": 123456, "is_bot": True, "first_name": "Quoth", "username": BOT[1:]}},
        {"from": {"id": 77, "is_bot": True, "first_name": "Other bot"}},
    ],
)
async def test_what_bots_say_is_no_question(server: TelegramServer, index: Index, tmp_path: Path, more: Json) -> None:
    message: Json = {**TALK, "text": f"{BOT} {KYZYM}", "guest_query_id": "9", **more}
    async with serving(server, index, tmp_path) as service:
        server.push({"guest_message": message})
        await settled(server, service)
    assert (server.sent, recorded(tmp_path)) == ([], [])


# What goes wrong


async def test_a_query_that_is_too_old_is_no_fault_and_is_recorded_as_not_answered(
    server: TelegramServer, index: Index, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server.ask_guest(f"{BOT} {KYZYM}", ELSEWHERE).is_expired = True
    async with serving(server, index, tmp_path) as service:
        await settled(server, service)
        assert [refusal.call.method for refusal in server.refusals] == ["answerGuestQuery"]
        server.refusals.clear()
    assert recorded(tmp_path) == [(KYZYM, "answered", 0)]
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


@pytest.mark.parametrize(
    ("fault", "is_delivered", "warning"),
    [
        (Fault.bad_request("Bad Request: RESULT_ID_INVALID"), 0, "Result_id_invalid"),
        (Fault.bad_request("Bad Request: can't parse entities: wrong"), 1, "a fault of Quoth"),
        (Fault.bad_gateway(), 1, "is tried again"),
        (Fault.cut(), 1, "is tried again"),
    ],
)
async def test_what_telegram_will_not_have(  # noqa: PLR0913, PLR0917
    server: TelegramServer,
    index: Index,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    fault: Fault,
    is_delivered: int,
    warning: str,
) -> None:
    server.fail_next("answerGuestQuery", fault)
    async with serving(server, index, tmp_path) as service:
        server.ask_guest(f"{BOT} {KYZYM}", ELSEWHERE)
        await settled(server, service)
    assert recorded(tmp_path) == [(KYZYM, "answered", is_delivered)]
    assert len(server.sent) == is_delivered
    assert warning in caplog.text


async def test_a_guest_is_answered_when_telegram_comes_back(
    server: TelegramServer, index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery._HURRY", stop_after_attempt(2))
    server.fail_next("answerGuestQuery", Fault.cut(), times=3)
    async with serving(server, index, tmp_path, questions_per_minute=1):  # what is tried again is still one question
        await server.ask_guest(f"{BOT} {KYZYM}", ELSEWHERE).answered(PATIENCE)
    assert recorded(tmp_path) == [(KYZYM, "answered", 1)]
    assert server.sent[0].text == render(index.ask(KYZYM), wording("en")).text


async def forget(server: TelegramServer) -> None:
    """A person asks the bot to forget them."""
    server.say("/forget", user=PERSON)
    server.press(await server.next_sent(), wording("en")("forget_yes"), user=PERSON)
    assert (await server.next_edit()).text == wording("en")("forget_done")


async def test_what_a_person_asked_before_they_were_forgotten_is_left_as_it_is(
    server: TelegramServer, index: Index, tmp_path: Path
) -> None:
    async with serving(server, index, tmp_path) as service:
        await forget(server)
        early = {**TALK, "from": person(PERSON, "en")}
        server.push({"guest_message": {**early, "guest_query_id": "9"}})
        await settled(server, service)
        assert recorded(tmp_path) == []
        await server.ask_guest(f"{BOT} {KYZYM}", ELSEWHERE).answered()
    assert len(calls_of(server, "answerGuestQuery")) == len(recorded(tmp_path)) == 1


async def test_a_fault_is_owned_up_to_nowhere_for_the_chat_may_be_another(
    server: TelegramServer, index: Index, tmp_path: Path
) -> None:
    async with serving(server, BrokenIndex(index.documents), tmp_path) as service:
        server.say("/help", user=STRANGER)
        await server.next_sent()
        server.push({"guest_message": {**TALK, "chat": OF_TWO, "text": f"{BOT} {KYZYM}", "guest_query_id": "9"}})
        await settled(server, service)
    assert len(calls_of(server, "sendMessage")) == 1
    assert rows(tmp_path, "SELECT faults, body FROM inbox WHERE faults > 0") == [(3, None)]
