"""The buttons under a message."""

import re
from urllib.parse import urlsplit

from tests.telegram_formatting import utf16_length
from tests.telegram_limits import Json, Params, as_list, as_object, as_string, one_object, refuse

BUTTONS = 100
CALLBACK_DATA_BYTES = 64
COPY_TEXT_UNITS = 256
PLACEHOLDER_UNITS = 64
BUTTON_ACTIONS = {
    *("url", "callback_data", "copy_text", "web_app", "pay", "login_url"),
    *("switch_inline_query", "switch_inline_query_current_chat", "switch_inline_query_chosen_chat"),
}


def keyboard(params: Params, *, inline_only: bool = False) -> Json | None:
    """The inline keyboard that will stay with the message, checked; None when it gets none."""
    markup = one_object(params, "reply_markup")
    return None if markup is None else keyboard_of(markup, inline_only=inline_only)


def keyboard_of(given: object, *, inline_only: bool) -> Json | None:
    """The inline keyboard in a reply markup, checked; None when it has none."""
    markup = as_object(given, "reply_markup")
    if "inline_keyboard" not in markup:
        if inline_only or not any(markup.get(name) is True for name in ("force_reply", "remove_keyboard")):
            refuse("inline keyboard expected")
        _check_placeholder(markup)
        return None
    rows = [as_list(row, "inline_keyboard") for row in as_list(markup["inline_keyboard"], "inline_keyboard")]
    buttons = [as_object(button, "inline keyboard button") for row in rows for button in row]
    if len(buttons) > BUTTONS:
        refuse("reply markup is too long")
    for button in buttons:
        _check_button(button)
    return markup if buttons else None


def opens_an_app(markup: Json) -> bool:
    """Whether a keyboard has a button that is for private chats alone."""
    rows = [as_list(row, "inline_keyboard") for row in as_list(markup["inline_keyboard"], "inline_keyboard")]
    return any("web_app" in as_object(button, "button") for row in rows for button in row)


def _check_placeholder(markup: Json) -> None:
    placeholder = as_string(markup.get("input_field_placeholder", "?"), "input_field_placeholder")
    if not 1 <= utf16_length(placeholder) <= PLACEHOLDER_UNITS:
        refuse("input field placeholder is too long")


def _check_button(button: Json) -> None:
    if not as_string(button.get("text"), "button text").strip():
        refuse("inline keyboard button text must be non-empty")
    actions = sorted(BUTTON_ACTIONS & button.keys())
    if len(actions) != 1:
        refuse(f"inline keyboard button must do exactly one thing, not {actions or 'nothing'}")
    if not _is_action_right(actions[0], button[actions[0]]):
        refuse(f"BUTTON_{actions[0].removeprefix('callback_').upper()}_INVALID")


def _is_action_right(action: str, value: object) -> bool:
    match action, value:
        case ("url", str()):
            return is_link(value)
        case ("callback_data", str()):
            return 1 <= len(value.encode()) <= CALLBACK_DATA_BYTES
        case ("copy_text", {"text": str(text)}):
            return 1 <= utf16_length(text) <= COPY_TEXT_UNITS
        case ("web_app" | "login_url", {"url": str(url)}):
            return is_link(url, {"https"})
        case ("switch_inline_query" | "switch_inline_query_current_chat", str()):
            return True
    return (action, type(value)) == ("switch_inline_query_chosen_chat", dict) or (action == "pay" and value is True)


def is_link(url: str, schemes: frozenset[str] | set[str] = frozenset({"http", "https", "tg"})) -> bool:
    """Whether Telegram can open an address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in schemes and bool(parts.netloc) and not re.search(r"\s", url)
