"""The methods with which a bot describes itself: menus, descriptions, its name."""

import re

from tests import telegram_limits as limits
from tests.telegram_buttons import is_link
from tests.telegram_limits import Json, Params, as_integer, as_object, as_string, objects, one_object, refuse
from tests.telegram_state import Telegram, id_of

COMMANDS = 100
MENU_BUTTONS = {"default", "commands", "web_app"}
COMMAND_NAME = re.compile("[a-z0-9_]{1,32}")
COMMAND_DESCRIPTION = 256
SCOPE_NEEDS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("default", "all_private_chats", "all_group_chats", "all_chat_administrators"), ()),
    **dict.fromkeys(("chat", "chat_administrators"), ("chat_id",)),
    "chat_member": ("chat_id", "user_id"),
}


async def set_my_commands(telegram: Telegram, params: Params) -> object:
    telegram.commands[scope(telegram, params), language(params)] = commands(params)
    return True


async def get_my_commands(telegram: Telegram, params: Params) -> object:
    return telegram.commands.get((scope(telegram, params), language(params)), [])


async def delete_my_commands(telegram: Telegram, params: Params) -> object:
    telegram.commands.pop((scope(telegram, params), language(params)), None)
    return True


async def set_my_description(telegram: Telegram, params: Params) -> object:
    return _set(telegram.descriptions, params, "description", 512)


async def get_my_description(telegram: Telegram, params: Params) -> object:
    return {"description": telegram.descriptions.get(language(params), "")}


async def set_my_short_description(telegram: Telegram, params: Params) -> object:
    return _set(telegram.short_descriptions, params, "short_description", 120)


async def get_my_short_description(telegram: Telegram, params: Params) -> object:
    return {"short_description": telegram.short_descriptions.get(language(params), "")}


async def set_my_name(telegram: Telegram, params: Params) -> object:
    if not params.get("name") and not language(params):
        refuse("BOT_NAME_EMPTY")
    return _set(telegram.names, params, "name", 64)


async def get_my_name(telegram: Telegram, params: Params) -> object:
    return {"name": telegram.names.get(language(params), telegram.names[""])}


async def set_chat_menu_button(telegram: Telegram, params: Params) -> object:
    button = one_object(params, "menu_button") or {"type": "default"}
    if button.get("type") not in MENU_BUTTONS:
        refuse("unsupported MenuButton type")
    if button["type"] == "web_app":
        if not as_string(button.get("text", ""), "menu button text").strip():
            refuse("menu button text must be non-empty")
        if not is_link(str(as_object(button.get("web_app"), "web_app").get("url")), {"https"}):
            refuse("BUTTON_URL_INVALID")
    telegram.menu_buttons[_menu_chat(telegram, params)] = button
    return True


async def get_chat_menu_button(telegram: Telegram, params: Params) -> object:
    return telegram.menu_buttons.get(_menu_chat(telegram, params), telegram.menu_buttons[0])


def _set(texts: dict[str, str], params: Params, name: str, longest: int) -> bool:
    """Keeps a text for a language; an empty one leaves that language to what is said to everybody."""
    if text := limits.text_up_to(params, name, longest):
        texts[language(params)] = text
    else:
        texts.pop(language(params), None)
    return True


def _menu_chat(telegram: Telegram, params: Params) -> int:
    """The private chat whose menu button is meant, 0 for all."""
    if "chat_id" not in params:
        return 0
    chat = telegram.chat_of(params)
    return id_of(chat) if chat["type"] == "private" else refuse("chat not found")


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


def scope(telegram: Telegram, params: Params) -> str:
    """Whom a menu is for: a type and its ids, as in "chat_member -100200 7"."""
    given = one_object(params, "scope") or {"type": "default"}
    kind = as_string(given.get("type"), "scope type")
    if kind not in SCOPE_NEEDS:
        refuse("unsupported BotCommandScope type")
    if "chat_id" in SCOPE_NEEDS[kind]:
        telegram.chat_of({"chat_id": str(given.get("chat_id", ""))})
    return " ".join([kind, *(str(as_integer(given.get(need), f"scope {need}")) for need in SCOPE_NEEDS[kind])])


def language(params: Params) -> str:
    """The two letters of a language; empty for everybody who has none of their own."""
    given = params.get("language_code", "")
    if not re.fullmatch("([a-z]{2})?", given):
        refuse("invalid language code specified")
    return given
