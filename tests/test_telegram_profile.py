"""What a bot says of itself at the tests' Telegram, and the chats that it asks about."""

import pytest
from telegram.constants import BotCommandScopeType, ChatAction

from tests.telegram_client import Client
from tests.telegram_limits import Json
from tests.telegram_messages import CHAT_ACTIONS
from tests.telegram_profile import SCOPE_NEEDS
from tests.telegram_server import TelegramServer

pytestmark = pytest.mark.asyncio

GROUP: Json = {"id": -100200, "type": "supergroup", "title": "Archive"}
GROUP_MESSAGE: Json = {"message_id": 40, "date": 0, "chat": GROUP, "text": "hello"}


async def test_a_pushed_group_becomes_known(server: TelegramServer, client: Client) -> None:
    server.push({"message": GROUP_MESSAGE})
    reply = {"message_id": 40}
    assert (await client.call("sendMessage", chat_id=-100200, text="hi", reply_parameters=reply)).status == 200
    assert server.sent[-1].message_id == 41
    server.push({"edited_message": {**GROUP_MESSAGE, "text": "hello again"}})
    assert server.messages[-100200, 40]["text"] == "hello again"
    server.push({"my_chat_member": {"chat": {"id": -9, "type": "group", "title": "New"}}})
    chat = (await client.call("getChat", chat_id=-9)).result
    assert isinstance(chat, dict)
    assert (chat["title"], chat["max_reaction_count"]) == ("New", 11)
    assert (await client.call("sendChatAction", chat_id=-9, action="typing")).result is True
    assert (await client.call("sendChatAction", chat_id=-9, action="sleeping")).status == 400


async def test_menus_are_kept_per_scope_and_language(server: TelegramServer, client: Client) -> None:
    menu = [{"command": "start", "description": "Begin"}]
    member = {"type": "chat_member", "chat_id": -9, "user_id": 7}
    await client.call("setMyCommands", commands=menu, language_code="uk", scope=member)
    assert server.commands == {("chat_member -9 7", "uk"): menu}
    assert (await client.call("getMyCommands", language_code="uk", scope=member)).result == menu
    assert (await client.call("getMyCommands")).result == []
    await client.call("deleteMyCommands", language_code="uk", scope=member)
    await client.call("deleteMyCommands")
    assert server.commands == {}


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"commands": [{"command": "Start", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "s" * 33, "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "start", "description": ""}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"commands": [{"command": "start", "description": "x" * 257}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"commands": [{"command": "start", "description": "x"}] * 101}, "BOT_COMMANDS_TOO_MUCH"),
        ({"scope": {"type": "everybody"}}, "unsupported BotCommandScope type"),
        ({"scope": {"type": "chat"}}, "scope chat_id must be an integer"),
        ({"language_code": "ukr"}, "invalid language code specified"),
    ],
)
async def test_a_wrong_menu_is_refused(client: Client, params: dict[str, object], description: str) -> None:
    assert (await client.call("setMyCommands", **params)).description == f"Bad Request: {description}"


async def test_descriptions_are_kept_per_language(server: TelegramServer, client: Client) -> None:
    await client.call("setMyDescription", description="x" * 512)
    await client.call("setMyShortDescription", short_description="y" * 120, language_code="be")
    assert (server.descriptions, server.short_descriptions) == ({"": "x" * 512}, {"be": "y" * 120})
    assert (await client.call("setMyDescription", description="x" * 513)).status == 400
    assert (await client.call("setMyShortDescription", short_description="y" * 121)).status == 400


async def test_every_scope_and_action_of_the_library_is_known() -> None:
    assert {str(kind.value) for kind in BotCommandScopeType} == set(SCOPE_NEEDS)
    assert {str(action.value) for action in ChatAction} == CHAT_ACTIONS
