"""A real bot, built on the library that Quoth is built on, against the tests' Telegram."""

from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest
from telegram import (
    BotCommandScopeAllGroupChats,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    LinkPreviewOptions,
    MessageEntity,
    ReplyParameters,
    Update,
)
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter
from telegram.ext import Application, CommandHandler, ContextTypes, MessageHandler, TypeHandler, filters

from tests.telegram_client import FLAG, PERSON, until
from tests.telegram_limits import Json
from tests.telegram_server import TelegramServer

pytestmark = pytest.mark.asyncio

App = Application[Any, Any, Any, Any, Any, Any]
Handler = Callable[[Update, Any], Coroutine[Any, Any, None]]
ELSEWHERE: Json = {"id": -1009, "type": "supergroup", "title": "Elsewhere"}
MORE = InlineKeyboardMarkup([[InlineKeyboardButton("More", callback_data="1")]])
ARTICLE = InlineQueryResultArticle(
    "1",
    "Kyiv Post",
    InputTextMessageContent("By the decision", entities=[MessageEntity("bold", 0, 2)]),
    reply_markup=MORE,
    description="paragraph 5",
)


@asynccontextmanager
async def polling(server: TelegramServer, handle: Handler) -> AsyncIterator[App]:
    """A bot that polls and does this with whatever comes."""
    bot = Application.builder().token(server.token).base_url(f"{server.url}/bot").build()
    bot.add_handler(TypeHandler(Update, handle))
    async with bot:
        await bot.start()
        assert bot.updater is not None
        await bot.updater.start_polling(allowed_updates=Update.ALL_TYPES, poll_interval=0)
        yield bot
        await bot.updater.stop()
        await bot.stop()


async def test_a_real_bot_polls_and_replies(server: TelegramServer) -> None:
    async def greet(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        await update.message.reply_html("<b>Welcome</b>", do_quote=True)

    async def echo(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        sent = await update.message.reply_text(
            f"You said: {update.message.text}", entities=[MessageEntity("bold", 0, 3)]
        )
        await sent.edit_text("Edited")

    bot = Application.builder().token(server.token).base_url(f"{server.url}/bot").build()
    bot.add_handler(CommandHandler("start", greet))
    bot.add_handler(MessageHandler(filters.TEXT, echo))
    async with bot:
        await bot.start()
        assert bot.updater is not None
        await bot.updater.start_polling(allowed_updates=[Update.MESSAGE])
        update_id = server.say("/start", language="uk")
        sent = await server.next_sent()
        assert (sent.text, sent.at >= server.fetched_at[update_id]) == ("Welcome", True)
        server.say(FLAG)
        assert (await server.next_sent()).text == f"You said: {FLAG}"
        await bot.updater.stop()
        await bot.stop()
    assert server.messages[PERSON, 4]["text"] == "Edited"
    assert server.acknowledged == update_id + 1
    assert server.refusals == []


async def test_a_real_bot_answers_buttons_inline_queries_and_as_a_guest(server: TelegramServer) -> None:
    async def handle(update: Update, _context: object) -> None:
        if update.callback_query is not None:
            await update.callback_query.answer("Here you are")
            await update.callback_query.edit_message_text("Two", reply_markup=MORE)
        elif update.inline_query is not None:
            button = InlineQueryResultsButton("Ask in private", start_parameter="ask")
            await update.inline_query.answer([ARTICLE], cache_time=0, is_personal=True, button=button, next_offset="1")
        elif update.guest_message is not None:
            await update.guest_message.answer_guest_query(ARTICLE)
        elif update.message is not None:
            await update.message.reply_text("One", reply_markup=MORE)

    async with polling(server, handle):
        server.say("hello")
        press = server.press(await server.next_sent(), "More")
        assert (await press.answered())["text"] == "Here you are"
        assert (await server.next_edit()).text == "Two"
        query = server.inline("who")
        await query.answered()
        server.press(server.choose(query, "1"), "More")
        assert (await server.next_edit()).inline_message_id
        await server.ask_guest("@quoth_test_bot who", ELSEWHERE).answered()
        assert (await server.next_sent()).entities == [{"type": "bold", "offset": 0, "length": 2}]
    assert server.unanswered == []
    assert server.refusals == []


async def test_a_real_bot_replies_in_topics_and_quotes(server: TelegramServer) -> None:
    async def handle(update: Update, _context: object) -> None:
        assert update.message is not None
        assert update.effective_chat is not None
        await update.effective_chat.send_action("typing", message_thread_id=update.message.message_thread_id)
        await update.message.set_reaction("👀")
        quote = ReplyParameters(update.message.message_id, quote="who", allow_sending_without_reply=True)
        await update.message.reply_text(
            "One",
            reply_parameters=quote,
            reply_markup=ForceReply(selective=True, input_field_placeholder="Your question"),
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        )

    forum = server.group(topics={5: "Talk"})
    async with polling(server, handle):
        said = server.say("/ask who", chat=forum, thread=5)
        sent = await server.next_sent()
    message = server.messages[forum, sent.message_id]
    assert (message["message_thread_id"], server.reactions[said.key]) == (5, [{"type": "emoji", "emoji": "👀"}])
    assert message["quote"] == {"text": "who", "position": 5, "is_manual": True}
    assert server.refusals == []


async def test_a_real_bot_hears_why_it_may_not_write(server: TelegramServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # how the library will tell the wait; else it warns
    group = server.group(-7, kind="group")
    server.say("hello")
    bot = Application.builder().token(server.token).base_url(f"{server.url}/bot").updater(None).build()
    async with bot:
        server.stand(group, "kicked")
        with pytest.raises(Forbidden, match="bot was kicked from the group chat"):
            await bot.bot.send_message(group, "x")
        server.migrate(group, -1001)
        with pytest.raises(ChatMigrated, match="-1001"):
            await bot.bot.send_message(group, "x")
        server.floods.begin(PERSON, 30)
        with pytest.raises(RetryAfter, match="30"):
            await bot.bot.send_message(PERSON, "x")
        with pytest.raises(BadRequest, match="Participant_id_invalid"):
            await bot.bot.get_chat_member(-1001, 7)


async def test_a_real_bot_says_who_it_is(server: TelegramServer) -> None:
    bot = Application.builder().token(server.token).base_url(f"{server.url}/bot").updater(None).build()
    async with bot:
        assert bot.bot.bot.supports_guest_queries
        commands = [("ask", "Ask a question")]
        await bot.bot.set_my_commands(commands, BotCommandScopeAllGroupChats(), "uk")
        await bot.bot.set_my_description("Quotes documents", "uk")
        await bot.bot.set_my_short_description("Quotes", "uk")
        await bot.bot.set_my_name("Quoth")
        await bot.bot.set_chat_menu_button()
        assert [command.command for command in await bot.bot.get_my_commands(BotCommandScopeAllGroupChats(), "uk")] == [
            "ask"
        ]
        assert (await bot.bot.get_my_description("uk")).description == "Quotes documents"
        assert (await bot.bot.get_my_short_description("uk")).short_description == "Quotes"
        assert (await bot.bot.get_my_name()).name == "Quoth"
        group = server.group()
        assert [member.status for member in await bot.bot.get_chat_administrators(group)] == []
        assert await bot.bot.get_chat_member_count(group) == 1
        assert await bot.bot.leave_chat(group)
    assert server.refusals == []


async def test_a_real_bot_outlasts_a_storm_of_polls_and_sees_some_updates_twice(server: TelegramServer) -> None:
    seen: list[str] = []

    async def handle(update: Update, _context: object) -> None:
        assert update.message is not None
        seen.append(update.message.text or "")

    async with polling(server, handle):
        storm = server.storm(1, 12, ("duplicates", "lost_reply"), in_a_row=1, most=2)
        for text in ("one", "two", "three", "four", "five"):
            server.say(text)
            await until(lambda: text in seen)  # noqa: B023 - awaited at once
    assert storm.counts == {"duplicates": 1, "lost_reply": 1}
    assert sorted({*seen}) == ["five", "four", "one", "three", "two"]
    assert len(seen) > 5
