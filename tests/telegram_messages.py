"""The methods that write, change and take back messages."""

import time

from telegram.constants import ReactionEmoji

from tests import telegram_limits as limits
from tests.telegram_buttons import keyboard, opens_an_app
from tests.telegram_formatting import formatted
from tests.telegram_limits import Json, Params, as_integer, as_object, refuse
from tests.telegram_records import SentMessage
from tests.telegram_replies import check_thread, context_of
from tests.telegram_state import SAID, Place, Telegram, id_of, saying

SWITCHES = ("disable_notification", "protect_content", "allow_paid_broadcast")
DELETABLE_S = 48 * 3600
DELETED_AT_ONCE = 100
REACTIONS = 1  #: a bot has one reaction to a message
EMOJI = frozenset(emoji.value for emoji in ReactionEmoji)  #: 73
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
    key, message = telegram.message_of(params, "delete")
    if not _is_deletable(telegram, message):
        refuse("message can't be deleted")
    if time.time() - as_integer(message["date"], "date") > DELETABLE_S:
        refuse("message can't be deleted for everyone")
    del telegram.messages[key]
    return True


async def delete_messages(telegram: Telegram, params: Params) -> object:
    """Those that cannot be found or deleted are passed over."""
    chat, message_ids = telegram.chat_of(params), limits.integers(params, "message_ids")
    if not 1 <= len(message_ids) <= DELETED_AT_ONCE:
        refuse("message identifiers are not specified" if not message_ids else "too many message identifiers specified")
    for key in [(id_of(chat), message_id) for message_id in message_ids]:
        if key in telegram.messages and _is_deletable(telegram, telegram.messages[key]):
            del telegram.messages[key]
    return True


def _is_deletable(telegram: Telegram, message: Json) -> bool:
    """Whether the bot may delete a message: any in private; in groups its own, or as an administrator who may."""
    chat = as_object(message["chat"], "chat")
    if chat["type"] == "private" or message.get("from") == telegram.me:
        return True
    return telegram.rights(chat).get("can_delete_messages") is True


async def set_message_reaction(telegram: Telegram, params: Params) -> object:
    """An administrator's reaction may be a custom emoji too, which this does not know."""
    key, _ = telegram.message_of(params, "react")
    limits.boolean(params, "is_big")
    reactions = limits.objects(params, "reaction")
    if len(reactions) > REACTIONS:
        refuse("REACTIONS_TOO_MANY")
    if any(each.get("type") != "emoji" or each.get("emoji") not in EMOJI for each in reactions):
        refuse("REACTION_INVALID")
    telegram.reactions[key] = reactions
    return True


async def send_chat_action(telegram: Telegram, params: Params) -> object:
    chat = telegram.writable_chat_of(params)
    if params.get("action") not in CHAT_ACTIONS:
        refuse("wrong parameter action in request")
    if thread := limits.integer(params, "message_thread_id", 0, low=0):
        check_thread(telegram, chat, thread, is_general_known=True)
    return True
