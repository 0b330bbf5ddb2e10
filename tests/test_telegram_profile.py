"""What a bot says of itself at the tests' Telegram."""

import pytest
from telegram.constants import BotCommandScopeType, ChatAction

from tests.telegram_client import PERSON, Client
from tests.telegram_messages import CHAT_ACTIONS
from tests.telegram_profile import SCOPE_NEEDS
from tests.telegram_server import TelegramServer

pytestmark = pytest.mark.asyncio


async def test_menus_are_kept_per_scope_and_language(server: TelegramServer, client: Client) -> None:
    menu = [{"command": "start", "description": "Begin"}]
    server.group(-9)
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
        ({"scope": {"type": "chat"}}, "chat_id is empty"),
        ({"scope": {"type": "chat", "chat_id": -5}}, "chat not found"),
        ({"scope": {"type": "chat_member", "chat_id": 1001}}, "scope user_id must be an integer"),
        ({"language_code": "ukr"}, "invalid language code specified"),
    ],
)
async def test_a_wrong_menu_is_refused(client: Client, params: dict[str, object], description: str) -> None:
    assert (await client.call("setMyCommands", **params)).description == f"Bad Request: {description}"


@pytest.mark.parametrize(
    ("method", "field", "longest"),
    [("MyDescription", "description", 512), ("MyShortDescription", "short_description", 120), ("MyName", "name", 64)],
)
async def test_what_the_bot_says_of_itself_is_kept_per_language(
    client: Client, method: str, field: str, longest: int
) -> None:
    for language, text in (("", "x" * longest), ("be", "y" * longest)):
        assert (await client.call(f"set{method}", language_code=language, **{field: text})).result is True
        assert (await client.call(f"get{method}", language_code=language)).result == {field: text}
    assert (await client.call(f"set{method}", language_code="be", **{field: ""})).result is True
    unset = {field: "x" * longest if field == "name" else ""}
    assert (await client.call(f"get{method}", language_code="be")).result == unset
    assert (await client.call(f"set{method}", **{field: "x" * (longest + 1)})).status == 400
    assert (await client.call(f"set{method}", language_code="ukr", **{field: "x"})).status == 400


async def test_a_bot_has_a_name(client: Client) -> None:
    assert (await client.call("setMyName", name="")).description == "Bad Request: BOT_NAME_EMPTY"
    assert (await client.call("getMyName")).result == {"name": "Quoth"}


async def test_a_menu_button_is_kept_per_chat(server: TelegramServer, client: Client) -> None:
    app = {"type": "web_app", "text": "Read", "web_app": {"url": "https://example.com"}}
    await client.call("setChatMenuButton", menu_button={"type": "commands"})
    await client.call("setChatMenuButton", chat_id=PERSON, menu_button=app)
    assert (await client.call("getChatMenuButton", chat_id=PERSON)).result == app
    assert (await client.call("getChatMenuButton")).result == {"type": "commands"}
    assert (await client.call("setChatMenuButton")).result is True
    assert server.menu_buttons == {0: {"type": "default"}, PERSON: app}
    for chat, button in (
        (PERSON, {"type": "games"}),
        (PERSON, {**app, "text": " "}),
        (PERSON, {**app, "web_app": {"url": "http://example.com"}}),
        (server.group(), app),
    ):
        assert (await client.call("setChatMenuButton", chat_id=chat, menu_button=button)).status == 400


async def test_every_scope_and_action_of_the_library_is_known() -> None:
    assert {str(kind.value) for kind in BotCommandScopeType} == set(SCOPE_NEEDS)
    assert {str(action.value) for action in ChatAction} == CHAT_ACTIONS
