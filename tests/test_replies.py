"""Messages on their way to Telegram: to where they belong, and as much of them as Telegram takes."""

import json
import logging
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from telegram import Bot, Message, Update
from telegram.error import BadRequest

from bot import rendering
from bot.rendering import Button, Entity, Style
from bot.replies import edit, edit_in, entities_of, keyboard, send
from tests.telegram_records import Call
from tests.telegram_server import Fault, TelegramServer

GROUP, FORUM, TALK = -1_001_000_000_200, -1_001_000_000_300, 5
PAGE, SOURCE, SHARE = (
    Button("Next", "page:x:1"),
    Button("Source", url="https://example.org/a#:~:text=x"),
    Button("S", "", "", "who"),
)
MESSAGE = rendering.Message(
    "A quote. file", (Entity(Style.QUOTE, 0, 8), Entity(Style.CODE, 9, 4)), ((PAGE,), (), (SOURCE, SHARE))
)
ENTITIES = Fault.bad_request("Bad Request: can't parse entities: Entity at byte offset 3 is wrong")
BUTTONS = Fault.bad_request("Bad Request: BUTTON_URL_INVALID")


@pytest_asyncio.fixture
async def bot(server: TelegramServer) -> AsyncIterator[Bot]:
    async with Bot(server.token, base_url=f"{server.url}/bot") as bot:
        yield bot


def said(server: TelegramServer, bot: Bot, **how: object) -> Message:
    """A message of somebody, as the library reads it."""
    update_id = server.say("/ask who", **how)  # type: ignore[arg-type]  # whichever they are
    message = Update.de_json(dict(server.updates.waiting[update_id]), bot).effective_message
    assert message is not None
    return message


def calls(server: TelegramServer) -> list[Call]:
    return [call for call in server.calls if call.method != "getMe"]


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


async def test_a_message_arrives_with_its_entities_and_buttons_and_without_a_preview(
    server: TelegramServer, bot: Bot
) -> None:
    await send(said(server, bot), MESSAGE)
    (sent,) = server.sent
    assert (sent.text, sent.entities) == (MESSAGE.text, [entity.to_dict() for entity in entities_of(MESSAGE)])
    assert sent.markup == {
        "inline_keyboard": [
            [{"text": "Next", "callback_data": "page:x:1"}],
            [{"text": "Source", "url": SOURCE.url}, {"text": "S", "switch_inline_query": "who"}],
        ]
    }
    assert json.loads(sent.params["link_preview_options"]) == {"is_disabled": True}
    assert keyboard(rendering.Message("no buttons", buttons=((),))) is None


async def test_in_a_group_the_question_is_replied_to_and_in_private_not(server: TelegramServer, bot: Bot) -> None:
    server.group(GROUP)
    for how in ({"chat": GROUP}, {}):
        question = said(server, bot, **how)
        await send(question, MESSAGE)
        shown = server.messages[question.chat_id, server.sent[-1].message_id]
        assert ("reply_to_message" in shown) == bool(how)


async def test_a_question_that_was_deleted_meanwhile_is_answered_all_the_same(server: TelegramServer, bot: Bot) -> None:
    server.group(GROUP)
    question = said(server, bot, chat=GROUP)
    del server.messages[GROUP, question.message_id]
    await send(question, MESSAGE)
    assert "reply_to_message" not in server.messages[GROUP, server.sent[0].message_id]


async def test_a_reply_stays_in_its_topic(server: TelegramServer, bot: Bot) -> None:
    server.group(FORUM, topics={TALK: "Talk"})
    server.group(GROUP)
    for how, thread in (({"chat": FORUM, "thread": TALK}, TALK), ({"chat": FORUM}, None), ({"chat": GROUP}, None)):
        question = said(server, bot, **how)
        sent = await send(question, MESSAGE)
        again = said(server, bot, reply_to=(question.chat_id, sent.message_id), chat=question.chat_id)
        for message in (sent, await send(again, MESSAGE)):
            assert message.message_thread_id == thread or not message.is_topic_message
            assert bool(message.is_topic_message) == bool(thread)
    assert server.refusals == []


async def test_a_wish_for_a_reply_opens_the_reply_of_the_person_alone(server: TelegramServer, bot: Bot) -> None:
    await send(said(server, bot), rendering.Message("What?", wants_reply=True))
    assert json.loads(server.sent[0].params["reply_markup"]) == {"force_reply": True, "selective": True}


async def test_an_edit_puts_a_message_in_the_place_of_another(server: TelegramServer, bot: Bot) -> None:
    shown = await send(said(server, bot), rendering.Message("before"))
    for message in (MESSAGE, MESSAGE, rendering.Message("after"), rendering.Message("after")):
        await edit(shown, message)
    first, last = server.edits
    assert (first.text, first.markup is None) == (MESSAGE.text, False)
    assert (last.text, last.entities, last.markup) == ("after", [], None)
    assert len(server.refusals) == 2
    with pytest.raises(BadRequest, match="not found"):
        await edit_in(shown, 4_000, MESSAGE)


@pytest.mark.parametrize(
    ("faults", "has_entities", "has_buttons", "complaint"),
    [
        ([ENTITIES], False, True, "Telegram refused the entities of an answer, a fault of Quoth: Can't parse"),
        ([BUTTONS], True, False, "Telegram refused the buttons of an answer"),
        ([BUTTONS, ENTITIES], False, False, "Telegram refused the "),
    ],
)
async def test_what_telegram_refuses_of_an_answer_is_left_out(  # noqa: PLR0913, PLR0917 - a table of cases
    server: TelegramServer,
    bot: Bot,
    caplog: pytest.LogCaptureFixture,
    faults: list[Fault],
    has_entities: bool,  # noqa: FBT001 - a table of cases
    has_buttons: bool,  # noqa: FBT001 - a table of cases
    complaint: str,
) -> None:
    question = said(server, bot)
    for method, act in (("sendMessage", send), ("editMessageText", None)):
        caplog.clear()
        for fault in faults:
            server.fail_next(method, fault)
        await (act(question, MESSAGE) if act else edit_in(question, server.sent[0].message_id, MESSAGE))
        params = calls(server)[-1].params
        assert params["text"] == MESSAGE.text
        assert (json.loads(params.get("entities", "[]")) != [], "reply_markup" in params) == (has_entities, has_buttons)
        assert len(warnings(caplog)) == len(faults)
        assert all(line.startswith(complaint) for line in warnings(caplog))
        server.messages[1001, server.sent[0].message_id]["text"] = "something else"


@pytest.mark.parametrize(
    "faults",
    [[Fault.bad_request("Bad Request: message is too long")], [ENTITIES, ENTITIES], [BUTTONS, BUTTONS]],
)
async def test_an_answer_that_is_refused_altogether_is_an_error(
    server: TelegramServer, bot: Bot, faults: list[Fault]
) -> None:
    for fault in faults:
        server.fail_next("sendMessage", fault)
    with pytest.raises(BadRequest):
        await send(said(server, bot), MESSAGE)
    assert (len(calls(server)), server.sent) == (len(faults), [])
