"""The methods with which a bot describes itself: menus, descriptions, its name."""

import re

from tests import telegram_limits as limits
from tests.telegram_limits import Json, Params, as_integer, as_string, objects, one_object, refuse
from tests.telegram_state import Telegram

COMMANDS = 100
COMMAND_NAME = re.compile("[a-z0-9_]{1,32}")
COMMAND_DESCRIPTION = 256
SCOPE_NEEDS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("default", "all_private_chats", "all_group_chats", "all_chat_administrators"), ()),
    **dict.fromkeys(("chat", "chat_administrators"), ("chat_id",)),
    "chat_member": ("chat_id", "user_id"),
}


async def set_my_commands(telegram: Telegram, params: Params) -> object:
    telegram.commands[scope(params), language(params)] = commands(params)
    return True


async def get_my_commands(telegram: Telegram, params: Params) -> object:
    return telegram.commands.get((scope(params), language(params)), [])


async def delete_my_commands(telegram: Telegram, params: Params) -> object:
    telegram.commands.pop((scope(params), language(params)), None)
    return True


async def set_my_description(telegram: Telegram, params: Params) -> object:
    telegram.descriptions[language(params)] = limits.text_up_to(params, "description", 512)
    return True


async def set_my_short_description(telegram: Telegram, params: Params) -> object:
    telegram.short_descriptions[language(params)] = limits.text_up_to(params, "short_description", 120)
    return True


def commands(params: Params) -> list[Json]:
    """The commands of a menu, checked."""
    listed = objects(params, "commands")
    if len(listed) > COMMANDS:
        refuse("BOT_COMMANDS_TOO_MUCH")
    for command in listed:
        if not COMMAND_NAME.fullmatch(as_string(command.get("command"), "command")):
            refuse("BOT_COMMAND_INVALID")
        if not 1 <= len(as_string(command.get("description"), "command description")) <= COMMAND_DESCRIPTION:
            refuse("BOT_COMMAND_DESCRIPTION_INVALID")
    return listed


def scope(params: Params) -> str:
    """Whom a menu is for: a type and its ids, as in "chat_member -100200 7"."""
    given = one_object(params, "scope") or {"type": "default"}
    kind = as_string(given.get("type"), "scope type")
    if kind not in SCOPE_NEEDS:
        refuse("unsupported BotCommandScope type")
    return " ".join([kind, *(str(as_integer(given.get(need), f"scope {need}")) for need in SCOPE_NEEDS[kind])])


def language(params: Params) -> str:
    """The two letters of a language; empty for everybody who has none of their own."""
    given = params.get("language_code", "")
    if not re.fullmatch("([a-z]{2})?", given):
        refuse("invalid language code specified")
    return given
