"""The table of what `/bot<token>/<method>` serves."""

from collections.abc import Awaitable, Callable

from tests import telegram_chats as chats
from tests import telegram_inline as inline
from tests import telegram_limits as limits
from tests import telegram_messages as messages
from tests import telegram_profile as profile
from tests import telegram_queries as queries
from tests import telegram_webhooks as webhooks
from tests.telegram_faults import CONFLICT
from tests.telegram_limits import Params, RefusedError
from tests.telegram_state import Telegram

LONGEST_POLL = 50  #: seconds


async def get_me(telegram: Telegram, _params: Params) -> object:
    return {**telegram.me, **telegram.abilities}


async def get_updates(telegram: Telegram, params: Params) -> object:
    # Telegram takes a limit or a timeout out of bounds as the nearest one: a mistake would go unnoticed.
    limit = limits.integer(params, "limit", 100, low=1, high=100)
    timeout = limits.integer(params, "timeout", 0, low=0, high=LONGEST_POLL)
    offset = limits.integer(params, "offset", 0)
    allowed = limits.strings(params, "allowed_updates")
    if telegram.webhook:
        why = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
        raise RefusedError(409, f"Conflict: {why}")
    telegram.updates.end_poll(CONFLICT)
    telegram.updates.allow(allowed)
    telegram.updates.forget(offset)
    await telegram.updates.arrival(timeout)
    return telegram.updates.take(limit)


METHODS: dict[str, Callable[[Telegram, Params], Awaitable[object]]] = {
    "getMe": get_me,
    "getUpdates": get_updates,
    "setWebhook": webhooks.set_webhook,
    "deleteWebhook": webhooks.delete_webhook,
    "getWebhookInfo": webhooks.get_webhook_info,
    "sendMessage": messages.send_message,
    "editMessageText": messages.edit_message_text,
    "editMessageReplyMarkup": messages.edit_message_reply_markup,
    "deleteMessage": messages.delete_message,
    "deleteMessages": messages.delete_messages,
    "setMessageReaction": messages.set_message_reaction,
    "answerCallbackQuery": queries.answer_callback_query,
    "answerInlineQuery": inline.answer_inline_query,
    "answerGuestQuery": inline.answer_guest_query,
    "sendChatAction": messages.send_chat_action,
    "setMyCommands": profile.set_my_commands,
    "getMyCommands": profile.get_my_commands,
    "deleteMyCommands": profile.delete_my_commands,
    "setMyDescription": profile.set_my_description,
    "setMyShortDescription": profile.set_my_short_description,
    "getMyDescription": profile.get_my_description,
    "getMyShortDescription": profile.get_my_short_description,
    "setMyName": profile.set_my_name,
    "getMyName": profile.get_my_name,
    "setChatMenuButton": profile.set_chat_menu_button,
    "getChatMenuButton": profile.get_chat_menu_button,
    "getChat": chats.get_chat,
    "getChatMember": chats.get_chat_member,
    "getChatMemberCount": chats.get_chat_member_count,
    "getChatAdministrators": chats.get_chat_administrators,
    "leaveChat": chats.leave_chat,
}
