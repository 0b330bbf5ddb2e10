"""The methods that write, change and take back messages, and answer buttons."""

import time

from tests import telegram_limits as limits
from tests.telegram_buttons import keyboard
from tests.telegram_formatting import formatted
from tests.telegram_limits import Params, refuse
from tests.telegram_state import SAID, SentMessage, Telegram, id_of, saying

SWITCHES = ("disable_notification", "protect_content", "allow_paid_broadcast")
CHAT_ACTIONS = {
    *("typing", "choose_sticker", "find_location", "record_voice", "record_video", "record_video_note"),
    *("upload_voice", "upload_document", "upload_photo", "upload_video", "upload_video_note"),
}


async def send_message(telegram: Telegram, params: Params) -> object:
    chat, said, markup = telegram.chat_of(params), formatted(params), keyboard(params)
    replied = telegram.replied_to(chat, params)
    limits.one_object(params, "link_preview_options")
    for switch in SWITCHES:
        limits.boolean(params, switch)
    message = telegram.keep_new(chat, saying(said, markup), replied)
    sent = (id_of(chat), limits.as_integer(message["message_id"], "message_id"))
    telegram.note_sent(SentMessage(*sent, said.text, said.entities, markup, params, time.monotonic()))
    return message


async def edit_message_text(telegram: Telegram, params: Params) -> object:
    key, _ = telegram.own_message_of(params)
    limits.one_object(params, "link_preview_options")
    markup = keyboard(params, inline_only=True)
    return telegram.keep_edited(key, saying(formatted(params), markup))


async def edit_message_reply_markup(telegram: Telegram, params: Params) -> object:
    key, message = telegram.own_message_of(params)
    markup = keyboard(params, inline_only=True)
    said = {name: message[name] for name in SAID if name in message} | {"reply_markup": markup}
    return telegram.keep_edited(key, {name: value for name, value in said.items() if value})


async def delete_message(telegram: Telegram, params: Params) -> object:
    key, _ = telegram.message_of(params, "delete")
    del telegram.messages[key]
    return True


async def answer_callback_query(telegram: Telegram, params: Params) -> object:
    limits.text_up_to(params, "text", 200)
    limits.boolean(params, "show_alert")
    limits.integer(params, "cache_time", 0, low=0)
    query = params.get("callback_query_id", "")
    if query not in telegram.open_queries:
        refuse("query is too old and response timeout expired or query ID is invalid")
    telegram.open_queries.remove(query)
    return True


async def send_chat_action(telegram: Telegram, params: Params) -> object:
    telegram.chat_of(params)
    if params.get("action") not in CHAT_ACTIONS:
        refuse("wrong parameter action in request")
    return True
