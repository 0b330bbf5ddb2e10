"""Where a new message of the bot belongs: the topic it goes to and the message it replies to."""

from tests import telegram_limits as limits
from tests.telegram_formatting import formatted_as, utf16_length
from tests.telegram_limits import Json, Params, refuse
from tests.telegram_state import Telegram, id_of

QUOTE_UNITS = 1024
GENERAL = 1  #: the thread of the topic that every forum has; a message must not name it


def context_of(telegram: Telegram, chat: Json, params: Params) -> Json:
    """The fields of a new message that tell its topic and its reply, checked."""
    wanted = limits.one_object(params, "reply_parameters")
    thread = limits.integer(params, "message_thread_id", 0, low=0)
    if thread:
        check_thread(telegram, chat, thread)
    replied = None if wanted is None else _replied_to(telegram, chat, wanted, thread)
    fields = thread_fields(telegram, chat, thread or thread_of(replied, chat))
    if replied is not None and wanted is not None:
        fields["reply_to_message"] = {name: replied[name] for name in replied if name != "reply_to_message"}
        if quote := _quote(replied, wanted):
            fields["quote"] = quote
    return fields


def check_thread(telegram: Telegram, chat: Json, thread: int, *, is_general_known: bool = False) -> None:
    """Refuses a topic that is not there or that the bot may not write to."""
    if thread == GENERAL and is_general_known and chat.get("is_forum"):
        return
    topic = telegram.topics.get(id_of(chat), {}).get(thread) or refuse("message thread not found")
    if topic.is_closed and telegram.rights(chat).get("can_manage_topics") is not True:
        refuse("TOPIC_CLOSED")


def thread_fields(telegram: Telegram, chat: Json, thread: int) -> Json:
    """The fields of a message that is in a topic, or in none."""
    if thread not in telegram.topics.get(id_of(chat), {}):
        return {}
    return {"message_thread_id": thread, "is_topic_message": True}


def _replied_to(telegram: Telegram, chat: Json, wanted: Json, thread: int) -> Json | None:
    chat_id = limits.as_integer(wanted.get("chat_id", chat["id"]), "reply chat_id")
    message = telegram.messages.get((chat_id, limits.as_integer(wanted.get("message_id"), "reply message_id")))
    # Telegram ignores the wish in a topic and across chats: what is lost there is not sent at all.
    may_be_lost = wanted.get("allow_sending_without_reply") is True and not thread and chat_id == chat["id"]
    if message is None and not may_be_lost:
        refuse("message to be replied not found")
    # Telegram sends it to the other topic without a word.
    if message is not None and thread and chat_id == chat["id"] and thread_of(message, chat) != thread:
        refuse("message to be replied is in another topic")
    return message


def thread_of(message: Json | None, chat: Json) -> int:
    """The topic of a message in the chat, 0 for none."""
    if message is None or message.get("chat") != chat or not message.get("is_topic_message"):
        return 0
    return limits.as_integer(message["message_thread_id"], "message_thread_id")


def _quote(replied: Json, wanted: Json) -> Json | None:
    """The part of the message that is quoted, which must stand there to the letter."""
    if "quote" not in wanted:
        return None
    quote = formatted_as(wanted, "quote", "quote_parse_mode", "quote_entities")
    text = str(replied.get("text", replied.get("caption", "")))
    limits.as_integer(wanted.get("quote_position", 0), "quote_position")
    if quote.text not in text or utf16_length(quote.text) > QUOTE_UNITS:
        refuse("QUOTE_TEXT_INVALID")
    position = utf16_length(text[: text.index(quote.text)])
    return {"text": quote.text, "position": position, "is_manual": True}
