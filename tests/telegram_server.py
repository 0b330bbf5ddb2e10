"""A Bot API server for tests: on loopback, as strict as Telegram (Bot API 10.0), and able to fail like it.

    async with TelegramServer() as server:
        ...  # a bot runs against server.url, with server.token
        server.say("who appointed Kyzym")
        assert "appointed" in (await server.next_sent()).text
        assert server.refusals == []

**People talk.** `say` in private, in a `group(...)`, a forum's topic or a channel, as a reply, with a medium,
anonymously; `edit` what was said. In groups the bot hears what privacy mode lets through: `say` returns the id of the
update, 0 for none, and `.key` of it is the message. `push` sends any other update as it stands.

    group = server.group(topics={5: "Talk"})
    said = server.say("/ask who appointed Kyzym", chat=group, thread=5)
    server.edit(said, "/ask who appointed Pyvovarov")

**People ask.** `press` a button, `inline` with `choose`, `ask_guest`: each is a `Query`, which the bot answers once.
`server.unanswered` lists the rest; a query may be made too old by `is_expired = True`.

    press = server.press(await server.next_sent(), "More")
    assert (await press.answered()).get("text") is None
    assert (await server.next_edit()).markup

**Chats change.** `change_standing` tells the bot that it was let in, promoted, thrown out or blocked, `stand` changes
it without a word; `migrate` a group, `close_topic`. `server.abilities` are what BotFather was asked for.

**Everything is kept**: `calls`, `refusals`, `sent`, `edits`, `messages`, `inline_messages`, `queries`, `reactions`,
`commands`, `descriptions`, `short_descriptions`, `names`, `menu_buttons`, `members`, `webhook`, `posts`, `fetched_at`,
`acknowledged`.

**Things go wrong.** `fail_next` spoils the next calls of a method with a `Fault`; a `storm` spoils a share of all calls
until it is `calm`, and `Storm.strikes` tells which; `floods.begin` makes one chat wait, `floods.impatient` is who did
not.

**Webhooks.** After setWebhook to this machine, http or https, updates are posted there and none can be fetched.
`replay` posts one again, perhaps with another secret; `take_webhook` is somebody else who has the token.

It lives in the test's event loop and ends with the `async with`, long polls included. `/bot<token>/<method>` is served,
for the methods in `telegram_methods.py`; no file is kept, so whatever is under `/file/` is not found. A mistake of the
server itself is raised at its end. Where Telegram would quietly drop, trim or move something, this refuses.
"""

import asyncio
import re
import time
from collections import defaultdict, deque
from typing import Self

import aiohttp
from aiohttp import web

from tests.telegram_asking import Asking
from tests.telegram_deliveries import post
from tests.telegram_faults import Fault, Reply
from tests.telegram_limits import Json, RefusedError, params_of
from tests.telegram_methods import METHODS
from tests.telegram_records import Call, Query, Refusal, SentMessage
from tests.telegram_storms import STORM_KINDS, Floods, Storm

__all__ = ["Call", "Fault", "Json", "Query", "Refusal", "Reply", "SentMessage", "TelegramServer"]

LOWERCASE = {method.lower(): method for method in METHODS}
BOT_PATH = re.compile("/bot([0-9]+:[A-Za-z0-9_-]+)/([A-Za-z]+)")


class TelegramServer(Asking):
    """The server, and how a test spoils its calls and sees what came of them."""

    def __init__(self, token: str = "123456:TEST-token_of_nobody", username: str = "quoth_test_bot") -> None:
        super().__init__(token, username)
        self.url = ""
        self.calls: list[Call] = []
        self.refusals: list[Refusal] = []
        self._faults: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self.floods = Floods()
        self._storm: Storm | None = None
        self._broken: list[Exception] = []
        self._runner = web.AppRunner(
            self._application(), access_log=None, handler_cancellation=True, shutdown_timeout=0.05
        )

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.use_webhook({})
        await self._runner.cleanup()
        if self._broken:
            raise RuntimeError("the tests' Telegram server failed by itself") from self._broken[0]

    @property
    def fetched_at(self) -> dict[int, float]:
        """When each update was first handed out: time.monotonic() by update id."""
        return self.updates.fetched_at

    @property
    def acknowledged(self) -> int:
        """The highest update id that the bot has confirmed, 0 before the first."""
        return self.updates.acknowledged

    async def next_sent(self, timeout: float = 5) -> SentMessage:  # noqa: ASYNC109 - what a test wants to say
        """The first message of the bot that no earlier call has returned."""
        return await self._next(self._unseen, len(self.sent), timeout)

    async def next_edit(self, timeout: float = 5) -> SentMessage:  # noqa: ASYNC109 - what a test wants to say
        """The first edit that no earlier call has returned: the message as it is after it."""
        return await self._next(self._unseen_edits, len(self.edits), timeout)

    async def _next(self, unseen: asyncio.Queue[SentMessage], before: int, seconds: float) -> SentMessage:
        try:
            return await asyncio.wait_for(unseen.get(), seconds)
        except TimeoutError:
            raise TimeoutError(f"no message within {seconds} s; {before} before; {self.refusals=}") from None

    def fail_next(self, method: str, fault: Fault, times: int = 1) -> None:
        """Spoils the next calls of a method, after those that are to be spoilt already; a poll that waits is none."""
        if method not in METHODS:
            raise ValueError(f"no method {method}")
        self._faults[method].extend([fault] * times)

    def storm(
        self, share: float, seed: int, kinds: tuple[str, ...] = STORM_KINDS, *, in_a_row: int = 2, most: int = 1_000
    ) -> Storm:
        """Spoils a share of all calls from now on.

        Args:
            share: of the calls, from 0 to 1.
            seed: the same seed strikes the same calls, counted per method.
            kinds: which faults; all by default.
            in_a_row: how often a method is struck at most before a call of it gets through.
            most: after so many strikes it is over.
        """
        self._storm = Storm(share, seed, kinds, in_a_row, most)
        return self._storm

    def calm(self) -> None:
        """Ends the storm."""
        self._storm = None

    async def take_webhook(self, url: str = "") -> None:
        """Another party with the token sets the webhook elsewhere, or unsets it."""
        await self.use_webhook({"url": url} if url else {})

    async def replay(self, body: Json, secret: str | None = None) -> int:
        """The status with which the webhook answers to a post of this update.

        Args:
            body: an update as it was posted before, or whatever somebody else makes up.
            secret: instead of the one that was agreed; empty for none.
        """
        agreed = self.webhook.get("secret_token", "")
        async with aiohttp.ClientSession() as http:
            status, _ = await post(http, self.webhook["url"], agreed if secret is None else secret, body)
        return status

    # HTTP

    def _application(self) -> web.Application:
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", self._handle)
        return application

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        """One call: noted, then refused, spoilt or done."""
        call, fault = Call(request.path, {}, time.monotonic()), Fault()
        try:
            call = Call(self._method_of(request), await params_of(request), time.monotonic())
            self.calls.append(call)
            fault = self._fault_of(call)
            reply = fault.reply or await self._done(call, fault)
        except RefusedError as refusal:
            self.refusals.append(Refusal(call, refusal.code, refusal.description))
            reply = Reply.error(refusal.code, refusal.description, **refusal.parameters)
        except Exception as error:  # noqa: BLE001 - whatever it is, the end of the test raises it
            self._broken.append(error)
            reply = Reply.error(500, "Internal Server Error")
        await asyncio.sleep(fault.delay)
        return await _send(request, reply, fault.share)

    def _fault_of(self, call: Call) -> Fault:
        """What goes wrong with a call: its chat has to wait, the test has asked for it, or there is a storm."""
        if (wait := self.floods.reply(call.method, call.params)) is not None:
            return Fault(wait)
        if self._faults[call.method]:
            return self._faults[call.method].popleft()
        struck = self._storm.strike(call.method, call.params) if self._storm is not None else None
        return struck or Fault()

    async def _done(self, call: Call, fault: Fault) -> Reply:
        """What a call brings."""
        result = await METHODS[call.method](self, call.params)
        if fault.again and isinstance(result, list):
            result = [*self.updates.forgotten, *result][:100]
        return Reply.result(result)

    def _method_of(self, request: web.Request) -> str:
        path = BOT_PATH.fullmatch(request.path)
        if path is None or request.method not in {"GET", "POST"}:
            raise RefusedError(404, "Not Found")
        if path[1] != self.token:
            raise RefusedError(401, "Unauthorized")
        return _known_method(path[2])


def _known_method(name: str) -> str:
    """A method's name as the reference writes it; Telegram takes any case."""
    method = name if name in METHODS else LOWERCASE.get(name.lower())
    if method is None:
        raise RefusedError(404, "Not Found")
    return method


async def _send(request: web.Request, reply: Reply, share: float) -> web.StreamResponse:
    """The reply, or the first part of it and a closed connection."""
    if share == 1:
        return web.Response(status=reply.status, body=reply.body, content_type=reply.content_type)
    if share > 0:
        response = web.StreamResponse(status=reply.status, headers={"Content-Type": reply.content_type})
        response.content_length = len(reply.body)
        await response.prepare(request)
        await response.write(reply.body[: int(len(reply.body) * share)])
        _hang_up(request)
        return response
    _hang_up(request)
    return web.Response()


def _hang_up(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.close()
