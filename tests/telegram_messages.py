"""The methods that write, change and take back messages."""

from tests import telegram_limits as limits
from tests.telegram_buttons import keyboard, opens_an_app
from tests.telegram_formatting import formatted
from tests.telegram_limits import Json, Params, refuse
from tests.telegram_records import SentMessage
from tests.telegram_replies import check_thread, context_of
from tests.telegram_state import SAID, Place, Telegram, saying

SWITCHES = ("disable_notification", "protect_content", "allow_paid_broadcast")
CHAT_ACTIONS = {
    *("typing", "choose_sticker", "find_location", "record_voice", "record_video", "record_video_note"),
    *("upload_voice", "upload_document", "upload_photo", "upload_video", "upload_video_note"),
}


async def send_message(telegram: Telegram, params: Params) -> object:
    chat, said, markup = telegram.writable_chat_of(params), formatted(params), keyboard(params)
    context = context_of(telegram, chat, params)
    if markup is not None and chat["type"] != "private" and opens_an_app(markup):
        refuse("BUTTON_TYPE_INVALID")
    limits.one_object(params, "link_preview_options")
    for switch in SWITCHES:
        limits.boolean(params, switch)
    message = telegram.keep_new(chat, context | saying(said, markup))
    telegram.note_sent(SentMessage.of(message, params))
    return message


async def edit_message_text(telegram: Telegram, params: Params) -> object:
    place, _ = telegram.own_message_of(params)
    limits.one_object(params, "link_preview_options")
    markup = keyboard(params, inline_only=True)
    return _edited(telegram, place, saying(formatted(params), markup), params)


async def edit_message_reply_markup(telegram: Telegram, params: Params) -> object:
    place, message = telegram.own_message_of(params)
    markup = keyboard(params, inline_only=True)
    said = {name: message[name] for name in SAID if name in message} | {"reply_markup": markup}
    return _edited(telegram, place, {name: value for name, value in said.items() if value}, params)


def _edited(telegram: Telegram, place: Place, said: Json, params: Params) -> object:
    """What an edit brings: the message, or of one that was sent inline just that it is done."""
    message, inline = telegram.keep_edited(place, said), place if isinstance(place, str) else ""
    telegram.note_edit(SentMessage.of(message, params, inline))
    return True if inline else message


async def delete_message(telegram: Telegram, params: Params) -> object:
    key, _ = telegram.message_of(params, "delete")
    del telegram.messages[key]
    return True


async def send_chat_action(telegram: Telegram, params: Params) -> object:
    chat = telegram.writable_chat_of(params)
    if params.get("action") not in CHAT_ACTIONS:
        refuse("wrong parameter action in request")
    if thread := limits.integer(params, "message_thread_id", 0, low=0):
        check_thread(telegram, chat, thread, is_general_known=True)
    return True
