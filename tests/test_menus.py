"""The menus and descriptions at Telegram: right for each scope and language, set once, and in nobody's way."""

import logging
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from telegram.error import RetryAfter
from telegram.ext import ExtBot

from bot.commands import COMMANDS
from bot.delivery import Delivery
from bot.ending import Ending
from bot.menus import Menus
from bot.metrics import Metrics
from bot.wire import Wire
from bot.wording import PLURALS, wording
from tests import tdlib
from tests.processes import PATIENCE, running
from tests.telegram_server import Fault, TelegramServer

IN_GROUPS = ["ask", "sources", "help", "language", "privacy", "forget"]
SETTING = {"setMyCommands": 8, "setMyDescription": 4, "setMyShortDescription": 4}


@pytest.fixture
def ending() -> Ending:
    return Ending()


@pytest_asyncio.fixture
async def bot(server: TelegramServer, ending: Ending) -> AsyncIterator[ExtBot[int]]:
    async with ExtBot(server.token, f"{server.url}/bot", rate_limiter=Delivery(ending, Metrics(), Wire())) as bot:
        yield bot


def calls(server: TelegramServer) -> dict[str, int]:
    """What was set, and how often."""
    methods = [call.method for call in server.calls if call.method.startswith("setMy")]
    return {method: methods.count(method) for method in methods}


async def test_each_scope_and_language_has_its_menu(server: TelegramServer, bot: ExtBot[int]) -> None:
    await Menus(bot).refresh()
    assert calls(server) == SETTING
    for language in PLURALS:
        words, code = wording(language), "" if language == "en" else language
        menus = [server.commands[scope, code] for scope in ("all_private_chats", "all_group_chats")]
        assert [[entry["command"] for entry in menu] for menu in menus] == [
            [command.name for command in COMMANDS],
            IN_GROUPS,
        ]
        entries = {command.name: words(command.menu) for command in COMMANDS}
        assert all(entry["description"] == entries[str(entry["command"])] for menu in menus for entry in menu)
        assert server.descriptions[code] == words("description")
        assert server.short_descriptions[code] == words("short_description")
    assert server.refusals == []


@pytest.mark.parametrize("language", PLURALS)
def test_everything_is_as_long_as_telegram_allows(language: str) -> None:
    words = wording(language)
    assert all(len(command.name) <= 32 and len(words(command.menu)) <= 256 for command in COMMANDS)
    assert tdlib.units(words("description")) <= 512
    assert tdlib.units(words("short_description")) <= 120


async def test_what_is_as_it_should_be_is_left_alone(server: TelegramServer, bot: ExtBot[int]) -> None:
    await Menus(bot).refresh()
    server.calls.clear()
    await Menus(bot).refresh()
    assert calls(server) == {}
    server.descriptions["uk"] = "another"
    server.commands["all_group_chats", "be"] = []
    await Menus(bot).refresh()
    assert calls(server) == {"setMyCommands": 1, "setMyDescription": 1}
    assert server.descriptions["uk"] == wording("uk")("description")
    assert len(server.commands["all_group_chats", "be"]) == len(IN_GROUPS)


@pytest.mark.parametrize("method", ["getMyCommands", "setMyCommands", "getMyDescription", "setMyShortDescription"])
@pytest.mark.parametrize("fault", [Fault.server_error(), Fault.cut(), Fault.too_many_requests(3_600)])
async def test_a_failure_costs_one_line_and_the_next_start_makes_up_for_it(
    server: TelegramServer, bot: ExtBot[int], caplog: pytest.LogCaptureFixture, method: str, fault: Fault
) -> None:
    caplog.set_level(logging.INFO, "bot")
    server.fail_next(method, fault)
    await Menus(bot).refresh()
    (line,) = caplog.messages
    assert line.startswith("The menus of commands are not up to date; the next start sets them: ")
    assert server.token not in line
    await ExtBot.shutdown(bot)
    async with ExtBot(server.token, f"{server.url}/bot", rate_limiter=Delivery(Ending(), Metrics(), Wire())) as again:
        await Menus(again).refresh()
    assert len(server.commands) == 8


async def test_a_flood_of_one_method_holds_up_no_other(server: TelegramServer, bot: ExtBot[int]) -> None:
    server.fail_next("setMyCommands", Fault.too_many_requests(3_600))
    with pytest.raises(RetryAfter):
        await bot.set_my_commands([("ask", "ask")])
    server.say("hello")
    await bot.send_message(1001, "Hello")
    query = server.press(await server.next_sent(), "any", forged=True)
    await bot.answer_callback_query(query.id, "here")
    assert (await query.answered())["text"] == "here"


async def test_the_end_of_the_bot_ends_the_setting_without_a_word(
    server: TelegramServer, bot: ExtBot[int], ending: Ending, caplog: pytest.LogCaptureFixture
) -> None:
    server.fail_next("setMyCommands", Fault.too_many_requests(3_600))
    await Menus(bot).refresh()
    caplog.clear()
    ending.begin()
    await Menus(bot).refresh()
    assert caplog.messages == []
    assert calls(server) == {"setMyCommands": 1}


# The process


async def test_the_bot_sets_them_while_it_answers(server: TelegramServer, tmp_path: Path) -> None:
    server.fail_next("getMyCommands", Fault.slow(2))
    async with running(server, tmp_path) as service:
        server.say("hello")
        await server.next_sent(PATIENCE)
        assert calls(server) == {}
        server.fail_next("setMyDescription", Fault.too_many_requests(3_600))
        await service.logged("The menus of commands are not up to date")
        server.say("hello")
        await server.next_sent(PATIENCE)
        assert await service.stop() == 0
    assert len(service.lines) == 3


async def test_a_bot_that_ends_at_once_does_not_wait_for_them(server: TelegramServer, tmp_path: Path) -> None:
    server.fail_next("getMyCommands", Fault.slow(30))
    async with running(server, tmp_path) as service:
        await service.logged("answers from")
        began = time.monotonic()
        assert await service.stop() == 0
        assert time.monotonic() - began < 5
    assert len(service.lines) == 2
