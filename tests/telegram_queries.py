"""The methods that answer what people ask of the bot by a button."""

from tests import telegram_limits as limits
from tests.telegram_formatting import utf16_length
from tests.telegram_limits import Params, refuse
from tests.telegram_state import Telegram

ANSWER_UNITS = 200


async def answer_callback_query(telegram: Telegram, params: Params) -> object:
    if utf16_length(params.get("text", "")) > ANSWER_UNITS:
        refuse("MESSAGE_TOO_LONG")
    if params.get("url") and not params["url"].startswith(f"https://t.me/{telegram.me['username']}?start="):
        refuse("URL_INVALID")
    limits.boolean(params, "show_alert")
    limits.integer(params, "cache_time", 0, low=0)
    telegram.query_of(params.get("callback_query_id", ""), "callback_query").close(params)
    return True
