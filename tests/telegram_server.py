"""A Bot API server for tests: on loopback, as strict as Telegram, and able to fail like it.

    async with TelegramServer() as server:
        ...  # a bot runs against server.url
        server.say("who appointed Kyzym")
        assert "appointed" in (await server.next_sent()).text
        assert server.refusals == []

It lives in the test's event loop and ends with the `async with`, long polls included. `/bot<token>/<method>` is served;
no file is kept, so whatever is under `/file/` is not found. A mistake of the server itself is raised at its end.
"""

import asyncio
import contextlib
import json
import re
import time
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Self

from aiohttp import web

from tests import telegram_limits as limits
from tests.telegram_limits import Formatted, Json, Params, RefusedError, refuse

BOT_PATH = re.compile("/bot([0-9]+:[A-Za-z0-9_-]+)/([A-Za-z]+)")
COMMAND = re.compile(r"(?<!\S)/[A-Za-z0-9_]{1,32}(?:@\w+)?")
FIRST_UPDATE = 700_000_001
LONGEST_POLL = 50  #: seconds
SAID = ("text", "entities", "reply_markup")  #: what an edit can change
MESSAGE_UPDATES = {"message", "edited_message", "channel_post", "edited_channel_post"}
UNASKED = {"chat_member", "message_reaction", "message_reaction_count"}  #: sent only to a bot that names them
SWITCHES = ("disable_notification", "protect_content", "allow_paid_broadcast")
BOT_ABILITIES: Json = {
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": True,
}
CHAT_DETAILS: Json = {
    "accent_color_id": 0,
    "max_reaction_count": 11,
    "accepted_gift_types": dict.fromkeys(
        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
    ),
}
CONFLICT = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
NGINX_502 = (
    b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n"
    b"<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx/1.18.0</center>\r\n</body>\r\n</html>\r\n"
)


@dataclass(frozen=True, slots=True)
class Call:
    """A call of the bot, in the order of arrival; nested parameters stand as JSON."""

    method: str
    params: Params
    at: float  #: time.monotonic()


@dataclass(frozen=True, slots=True)
class Refusal:
    """A call that the server turned down by itself: a fault that a test asked for is none."""

    call: Call
    code: int
    description: str


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message of the bot as it was first sent; `TelegramServer.messages` has it as it is now."""

    chat_id: int
    message_id: int
    text: str
    entities: list[Json]
    markup: Json | None  #: an inline keyboard
    params: Params
    at: float  #: time.monotonic()


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer over HTTP."""

    status: int
    body: bytes
    content_type: str = "application/json"

    @classmethod
    def result(cls, result: object) -> Self:
        """What a call brought, in Telegram's envelope."""
        return cls(200, json.dumps({"ok": True, "result": result}).encode())

    @classmethod
    def error(cls, code: int, description: str, **parameters: int) -> Self:
        """Why a call failed, in Telegram's envelope."""
        extra = {"parameters": parameters} if parameters else {}
        return cls(code, json.dumps({"ok": False, "error_code": code, "description": description, **extra}).encode())


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with one call; without a reply of its own the call takes effect all the same."""

    reply: Reply | None = None
    delay: float = 0.0  #: seconds between the effect and the reply
    share: float = 1.0  #: how much of the reply arrives before the connection is cut

    @classmethod
    def too_many_requests(cls, retry_after: int) -> Self:
        description = f"Too Many Requests: retry after {retry_after}"
        return cls(Reply.error(429, description, retry_after=retry_after))

    @classmethod
    def server_error(cls) -> Self:
        return cls(Reply.error(500, "Internal Server Error"))

    @classmethod
    def bad_gateway(cls) -> Self:
        """The HTML of a proxy in between."""
        return cls(Reply(502, NGINX_502, "text/html"))

    @classmethod
    def unauthorized(cls) -> Self:
        """The token was revoked."""
        return cls(Reply.error(401, "Unauthorized"))

    @classmethod
    def conflict(cls) -> Self:
        """Somebody else polls with the same token."""
        return cls(Reply.error(409, CONFLICT))

    @classmethod
    def bad_request(cls, description: str) -> Self:
        return cls(Reply.error(400, description))

    @classmethod
    def cut(cls) -> Self:
        """Closed without an answer, and nothing done."""
        return cls(Reply(200, b""), share=0)

    @classmethod
    def cut_halfway(cls) -> Self:
        """Done, but only half of the answer's body arrives."""
        return cls(share=0.5)

    @classmethod
    def lost_reply(cls) -> Self:
        """Done, but closed without an answer."""
        return cls(share=0)

    @classmethod
    def slow(cls, seconds: float) -> Self:
        """Done, but answered late."""
        return cls(delay=seconds)


class UpdateQueue:
    """Updates until the bot has confirmed them, and the one long poll that may wait for more."""

    def __init__(self) -> None:
        self.waiting: dict[int, Json] = {}
        self.fetched_at: dict[int, float] = {}
        self.acknowledged = 0
        self.allowed: list[str] = []
        self._last = FIRST_UPDATE - 1
        self._poll: asyncio.Future[str] | None = None

    @property
    def is_polled(self) -> bool:
        """Whether a long poll waits right now."""
        return self._poll is not None

    def put(self, body: Json) -> int:
        """The number of a new update. As at Telegram, `allowed` sorts out what arrives, not what is already waiting."""
        self._last += 1
        kind = next(iter(body))
        if kind in self.allowed or (not self.allowed and kind not in UNASKED):
            self.waiting[self._last] = {"update_id": self._last, **body}
            self.end_poll()
        return self._last

    def allow(self, kinds: list[str] | None) -> None:
        """Which kinds to keep from now on: none named = the usual ones, nothing said = as before."""
        self.allowed = self.allowed if kinds is None else kinds

    def forget(self, offset: int) -> None:
        """Drops what is below an offset; a negative one counts from the end of the queue."""
        if offset < 0:
            offset = min([*self.waiting][offset:], default=self._last + 1)
        for update_id in [each for each in self.waiting if each < offset]:
            del self.waiting[update_id]
            self.acknowledged = update_id

    def clear(self) -> None:
        """Drops everything."""
        self.forget(self._last + 1)

    def take(self, limit: int) -> list[Json]:
        """The oldest updates; they stay until they are confirmed."""
        for update_id in [*self.waiting][:limit]:
            self.fetched_at.setdefault(update_id, time.monotonic())
        return [*self.waiting.values()][:limit]

    async def arrival(self, seconds: float) -> None:
        """Waits until there is an update, or in vain."""
        if self.waiting or not seconds:
            return
        self._poll = poll = asyncio.get_running_loop().create_future()
        try:
            with contextlib.suppress(TimeoutError):
                conflict = await asyncio.wait_for(poll, seconds)
                if conflict:
                    raise RefusedError(409, conflict)
        finally:
            if self._poll is poll:
                self._poll = None

    def end_poll(self, conflict: str = "") -> None:
        """Ends the poll that waits, if one does: with what has arrived or with a conflict."""
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(conflict)


class TelegramServer:
    """The server and what a test can see and do. A blocked chat refuses the bot, a migrated one names its new id."""

    def __init__(self, token: str = "123456:TEST-token_of_nobody", username: str = "quoth_test_bot") -> None:
        self.token = token
        self.me: Json = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Quoth",
            "username": username,
        }
        self.url = ""
        self.calls: list[Call] = []
        self.refusals: list[Refusal] = []
        self.sent: list[SentMessage] = []
        self.updates = UpdateQueue()
        self.chats: dict[int, Json] = {}
        self.blocked: set[int] = set()
        self.migrated: dict[int, int] = {}
        self.messages: dict[tuple[int, int], Json] = {}  #: by chat and message id, as they are now
        self.open_queries: set[str] = set()  #: ids of callback queries without an answer
        self.webhook: Params = {}  #: parameters of setWebhook while one is set
        self.commands: dict[tuple[str, str], list[Json]] = {}  #: by scope and language
        self.descriptions: dict[str, str] = {}  #: by language
        self.short_descriptions: dict[str, str] = {}  #: by language
        self._last_message: defaultdict[int, int] = defaultdict(int)
        self._faults: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self._unseen: asyncio.Queue[SentMessage] = asyncio.Queue()
        self._broken: list[Exception] = []
        self._runner = web.AppRunner(self._application(), handler_cancellation=True, shutdown_timeout=0.05)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()
        if self._broken:
            raise RuntimeError("the tests' Telegram server failed by itself") from self._broken[0]

    # What a test does and sees

    @property
    def fetched_at(self) -> dict[int, float]:
        """When each update was first handed out: time.monotonic() by update id."""
        return self.updates.fetched_at

    @property
    def acknowledged(self) -> int:
        """The highest update id that the bot has confirmed, 0 before the first."""
        return self.updates.acknowledged

    def say(self, text: str, user: int = 1001, language: str = "en") -> int:
        """The id of an update: somebody writes to the bot in private."""
        name = f"Person {user}"
        message: Json = {
            "message_id": self._last_message[user] + 1,
            "date": int(time.time()),
            "chat": {"id": user, "type": "private", "first_name": name},
            "from": {"id": user, "is_bot": False, "first_name": name, "language_code": language},
            "text": text,
        }
        if found := [_command_entity(text, command) for command in COMMAND.finditer(text)]:
            message["entities"] = found
        return self.push({"message": message})

    def push(self, body: Json) -> int:
        """The id of an update with this body: one kind and its object. Chats and messages in it become known."""
        body = json.loads(json.dumps(body))
        ((kind, about),) = body.items()
        about = limits.as_object(about, kind)
        if kind == "callback_query":
            self.open_queries.add(limits.as_string(about["id"], "callback query id"))
            if "message" in about:
                self._learn(limits.as_object(about["message"], "message"), replace=False)
        elif kind in MESSAGE_UPDATES:
            self._learn(about)
        elif kind == "my_chat_member":
            self._learn_chat(about)
        return self.updates.put(body)

    async def next_sent(self, timeout: float = 5) -> SentMessage:  # noqa: ASYNC109 - what a test wants to say
        """The first message of the bot that no earlier call has returned."""
        try:
            return await asyncio.wait_for(self._unseen.get(), timeout)
        except TimeoutError:
            raise TimeoutError(f"no message within {timeout} s; {len(self.sent)} before; {self.refusals=}") from None

    def fail_next(self, method: str, fault: Fault, times: int = 1) -> None:
        """Spoils the next calls of a method, after those that are to be spoilt already; a poll that waits is none."""
        if method not in METHODS:
            raise ValueError(f"no method {method}")
        self._faults[method].extend([fault] * times)

    # What the methods share

    def chat_of(self, params: Params) -> Json:
        """The chat of a call, unless the bot cannot reach it."""
        given = params.get("chat_id", "")
        if not given:
            refuse("chat_id is empty")
        if given.startswith("@"):
            refuse("chat not found")
        chat_id = limits.integer(params, "chat_id")
        if chat_id in self.migrated:
            why = "Bad Request: group chat was upgraded to a supergroup chat"
            raise RefusedError(400, why, migrate_to_chat_id=self.migrated[chat_id])
        if chat_id in self.blocked:
            raise RefusedError(403, "Forbidden: bot was blocked by the user")
        return self.chats.get(chat_id) or refuse("chat not found")

    def message_of(self, params: Params, purpose: str) -> tuple[tuple[int, int], Json]:
        """The message of a call and its key in `messages`."""
        chat = self.chat_of(params)
        key = (_id(chat), limits.integer(params, "message_id"))
        return key, self.messages.get(key) or refuse(f"message to {purpose} not found")

    def own_message_of(self, params: Params) -> tuple[tuple[int, int], Json]:
        """The message that a call is to change, which must be the bot's."""
        if "inline_message_id" in params:
            refuse("MESSAGE_ID_INVALID")
        key, message = self.message_of(params, "edit")
        if message.get("from") != self.me:
            refuse("message can't be edited")
        return key, message

    def replied_to(self, chat: Json, params: Params) -> Json | None:
        """The message that a call replies to, if it may and can."""
        wanted = limits.one_object(params, "reply_parameters")
        if wanted is None:
            return None
        chat_id = limits.as_integer(wanted.get("chat_id", chat["id"]), "reply chat_id")
        message = self.messages.get((chat_id, limits.as_integer(wanted.get("message_id"), "reply message_id")))
        if message is None and wanted.get("allow_sending_without_reply") is not True:
            refuse("message to be replied not found")
        quote = limits.as_string(wanted.get("quote", ""), "quote")
        if message is not None and quote not in str(message.get("text", "")):
            refuse("QUOTE_TEXT_INVALID")
        return message

    def keep_new(self, chat: Json, said: Json, replied: Json | None) -> Json:
        """A new message of the bot."""
        message: Json = {"message_id": self._last_message[_id(chat)] + 1, "date": int(time.time()), "chat": chat}
        message |= {"from": self.me, **said}
        if replied is not None:
            message["reply_to_message"] = {key: replied[key] for key in replied if key != "reply_to_message"}
        self._learn(message)
        return message

    def keep_edited(self, key: tuple[int, int], said: Json) -> Json:
        """A message of the bot after an edit, which must have changed it."""
        message = self.messages[key]
        if said == {name: message[name] for name in SAID if name in message}:
            refuse(
                "message is not modified: specified new message content and reply markup are exactly the same "
                "as a current content and reply markup of the message"
            )
        rest = {name: message[name] for name in message if name not in SAID}
        self.messages[key] = {**rest, **said, "edit_date": int(time.time())}
        return self.messages[key]

    def note_sent(self, sent: SentMessage) -> None:
        """Shows a message to the test."""
        self.sent.append(sent)
        self._unseen.put_nowait(sent)

    def _learn(self, message: Json, *, replace: bool = True) -> None:
        chat_id, message_id = self._learn_chat(message), limits.as_integer(message["message_id"], "message_id")
        self._last_message[chat_id] = max(self._last_message[chat_id], message_id)
        if replace or (chat_id, message_id) not in self.messages:
            self.messages[chat_id, message_id] = message

    def _learn_chat(self, about: Json) -> int:
        chat = limits.as_object(about["chat"], "chat")
        self.chats[_id(chat)] = chat
        return _id(chat)

    # HTTP

    def _application(self) -> web.Application:
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", self._handle)
        return application

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        """One call: noted, then refused, spoilt or done."""
        call, fault = Call(request.path, {}, time.monotonic()), Fault()
        try:
            call = Call(self._method_of(request), await limits.params_of(request), time.monotonic())
            self.calls.append(call)
            fault = self._faults[call.method].popleft() if self._faults[call.method] else fault
            reply = fault.reply or Reply.result(await METHODS[call.method](self, call.params))
        except RefusedError as refusal:
            self.refusals.append(Refusal(call, refusal.code, refusal.description))
            reply = Reply.error(refusal.code, refusal.description, **refusal.parameters)
        except Exception as error:  # noqa: BLE001 - whatever it is, the end of the test raises it
            self._broken.append(error)
            reply = Reply.error(500, "Internal Server Error")
        await asyncio.sleep(fault.delay)
        return await _send(request, reply, fault.share)

    def _method_of(self, request: web.Request) -> str:
        path = BOT_PATH.fullmatch(request.path)
        if path is None or request.method not in {"GET", "POST"}:
            raise RefusedError(404, "Not Found")
        if path[1] != self.token:
            raise RefusedError(401, "Unauthorized")
        return _known_method(path[2])


def _known_method(name: str) -> str:
    """A method's name as the reference writes it; Telegram takes any case."""
    for method in METHODS:
        if method.lower() == name.lower():
            return method
    raise RefusedError(404, "Not Found")


async def _send(request: web.Request, reply: Reply, share: float) -> web.StreamResponse:
    """The reply, or the first part of it and a closed connection."""
    if share == 0:
        _hang_up(request)
        return web.Response()
    response = web.StreamResponse(status=reply.status, headers={"Content-Type": reply.content_type})
    response.content_length = len(reply.body)
    await response.prepare(request)
    await response.write(reply.body[: int(len(reply.body) * share)])
    if share < 1:
        _hang_up(request)
    return response


def _hang_up(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.close()


def _id(chat: Json) -> int:
    return limits.as_integer(chat["id"], "chat id")


def _command_entity(text: str, command: re.Match[str]) -> Json:
    return {
        "type": "bot_command",
        "offset": limits.utf16_length(text[: command.start()]),
        "length": limits.utf16_length(command[0]),
    }


def _said(said: Formatted, markup: Json | None) -> Json:
    """What an edit can change, as a message has it: what is empty is absent."""
    fields = {"text": said.text, "entities": said.entities, "reply_markup": markup}
    return {name: value for name, value in fields.items() if value}


# The methods


async def get_me(server: TelegramServer, _params: Params) -> object:
    return {**server.me, **BOT_ABILITIES}


async def get_updates(server: TelegramServer, params: Params) -> object:
    # Telegram takes a limit or a timeout out of bounds as the nearest one: a mistake would go unnoticed.
    limit = limits.integer(params, "limit", 100, low=1, high=100)
    timeout = limits.integer(params, "timeout", 0, low=0, high=LONGEST_POLL)
    offset = limits.integer(params, "offset", 0)
    allowed = limits.strings(params, "allowed_updates")
    if server.webhook:
        why = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
        raise RefusedError(409, f"Conflict: {why}")
    server.updates.end_poll(CONFLICT)
    server.updates.allow(allowed)
    server.updates.forget(offset)
    await server.updates.arrival(timeout)
    return server.updates.take(limit)


async def set_webhook(server: TelegramServer, params: Params) -> object:
    url = params.get("url", "")
    if url and not limits.is_link(url, {"https"}):
        refuse("bad webhook: An HTTPS URL must be provided for webhook")
    if not re.fullmatch("[A-Za-z0-9_-]{0,256}", params.get("secret_token", "")):
        refuse("secret token contains unallowed characters")
    limits.integer(params, "max_connections", 40, low=1, high=100)
    allowed, drop = limits.strings(params, "allowed_updates"), limits.boolean(params, "drop_pending_updates")
    server.updates.end_poll("Conflict: terminated by setWebhook request")
    server.updates.allow(allowed)
    if drop:
        server.updates.clear()
    server.webhook = params if url else {}
    return True


async def delete_webhook(server: TelegramServer, params: Params) -> object:
    if limits.boolean(params, "drop_pending_updates"):
        server.updates.clear()
    server.webhook = {}
    return True


async def get_webhook_info(server: TelegramServer, _params: Params) -> object:
    info: Json = {
        "url": server.webhook.get("url", ""),
        "has_custom_certificate": False,
        "pending_update_count": len(server.updates.waiting),
    }
    if server.webhook:
        info["max_connections"] = limits.integer(server.webhook, "max_connections", 40)
    if server.updates.allowed:
        info["allowed_updates"] = server.updates.allowed
    return info


async def send_message(server: TelegramServer, params: Params) -> object:
    chat, said, markup = server.chat_of(params), limits.formatted(params), limits.keyboard(params)
    replied = server.replied_to(chat, params)
    limits.one_object(params, "link_preview_options")
    for switch in SWITCHES:
        limits.boolean(params, switch)
    message = server.keep_new(chat, _said(said, markup), replied)
    sent = (_id(chat), limits.as_integer(message["message_id"], "message_id"))
    server.note_sent(SentMessage(*sent, said.text, said.entities, markup, params, time.monotonic()))
    return message


async def edit_message_text(server: TelegramServer, params: Params) -> object:
    key, _ = server.own_message_of(params)
    limits.one_object(params, "link_preview_options")
    markup = limits.keyboard(params, inline_only=True)
    return server.keep_edited(key, _said(limits.formatted(params), markup))


async def edit_message_reply_markup(server: TelegramServer, params: Params) -> object:
    key, message = server.own_message_of(params)
    markup = limits.keyboard(params, inline_only=True)
    said = {name: message[name] for name in SAID if name in message} | {"reply_markup": markup}
    return server.keep_edited(key, {name: value for name, value in said.items() if value})


async def delete_message(server: TelegramServer, params: Params) -> object:
    key, _ = server.message_of(params, "delete")
    del server.messages[key]
    return True


async def answer_callback_query(server: TelegramServer, params: Params) -> object:
    limits.text_up_to(params, "text", 200)
    limits.boolean(params, "show_alert")
    limits.integer(params, "cache_time", 0, low=0)
    query = params.get("callback_query_id", "")
    if query not in server.open_queries:
        refuse("query is too old and response timeout expired or query ID is invalid")
    server.open_queries.remove(query)
    return True


async def send_chat_action(server: TelegramServer, params: Params) -> object:
    server.chat_of(params)
    if params.get("action") not in limits.CHAT_ACTIONS:
        refuse("wrong parameter action in request")
    return True


async def set_my_commands(server: TelegramServer, params: Params) -> object:
    server.commands[limits.scope(params), limits.language(params)] = limits.commands(params)
    return True


async def get_my_commands(server: TelegramServer, params: Params) -> object:
    return server.commands.get((limits.scope(params), limits.language(params)), [])


async def delete_my_commands(server: TelegramServer, params: Params) -> object:
    server.commands.pop((limits.scope(params), limits.language(params)), None)
    return True


async def set_my_description(server: TelegramServer, params: Params) -> object:
    server.descriptions[limits.language(params)] = limits.text_up_to(params, "description", 512)
    return True


async def set_my_short_description(server: TelegramServer, params: Params) -> object:
    server.short_descriptions[limits.language(params)] = limits.text_up_to(params, "short_description", 120)
    return True


async def get_chat(server: TelegramServer, params: Params) -> object:
    return {**server.chat_of(params), **CHAT_DETAILS}


METHODS: dict[str, Callable[[TelegramServer, Params], Awaitable[object]]] = {
    "getMe": get_me,
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "sendMessage": send_message,
    "editMessageText": edit_message_text,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "answerCallbackQuery": answer_callback_query,
    "sendChatAction": send_chat_action,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setMyDescription": set_my_description,
    "setMyShortDescription": set_my_short_description,
    "getChat": get_chat,
}
