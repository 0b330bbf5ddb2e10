"""How calls reach Telegram: tried again within bounds, and one chat's wait holds up no other.

The library sends every call of a bot but the polls through its rate limiter. This one sets no ceiling beforehand:
Telegram does not publish its limits, and says itself which chat has reached one, and for how long.
"""

from __future__ import annotations

import asyncio
import logging
import os
import random
import time
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

# The library's switch for the type that a later version always has; without it, its own errors warn.
os.environ.setdefault("PTB_TIMEDELTA", "true")

from telegram.error import BadRequest, ChatMigrated, NetworkError, RetryAfter, TelegramError
from telegram.ext import BaseRateLimiter
from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, stop_before_delay, wait_random_exponential

from bot.errors import EndingError
from bot.failures import reason

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from tenacity import RetryCallState
    from tenacity.stop import StopBaseT

    from bot.ending import Ending
    from bot.metrics import Metrics
    from bot.wire import Wire

_log = logging.getLogger(__name__)

_Result = TypeVar("_Result")

_TRIES = stop_after_attempt(6)
CONNECTIONS = 64  #: calls at a time
#: The call that shows something twice when it is made twice.
_SEND = "sendMessage"
#: Calls that are worth nothing after some seconds: https://core.telegram.org/bots/api#answercallbackquery
_HURRIED = {"answerCallbackQuery", "answerInlineQuery", "answerGuestQuery", "sendChatAction"}
_HURRY = _TRIES | stop_before_delay(10)
#: Calls of the start and of the watch over the webhook, whose callers have a patience of their own or need none.
_ONCE = {"getMe", "deleteWebhook", "setWebhook", "getWebhookInfo"} | {
    f"{verb}My{what}" for verb in ("get", "set") for what in ("Commands", "Description", "ShortDescription")
}
_BACK_OFF = wait_random_exponential(multiplier=0.5, max=15)  # seconds
_JITTER = 0.3  # seconds, so that chats which were held up together do not come back together


class Delivery(BaseRateLimiter[int]):
    """The way to Telegram.

    Args:
        ending: when it has begun, nothing is waited for.
    """

    def __init__(self, ending: Ending, metrics: Metrics, wire: Wire) -> None:
        self._ending = ending
        self._metrics = metrics
        self._wire = wire
        self._connections = asyncio.Semaphore(CONNECTIONS)
        # What Telegram holds up -> until when, monotonic: a chat, or a method that names none.
        self._free_at: dict[object, float] = {}
        self._moved: dict[object, int] = {}  # a group -> the supergroup that it has become

    async def initialize(self) -> None:
        """There is nothing to prepare."""

    async def shutdown(self) -> None:
        """There is nothing to give back."""

    async def process_request(  # noqa: PLR0913, PLR0917  # the library's signature
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,  # noqa: ANN401  # the library's signature
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,  # noqa: ARG002  # the library's signature
    ) -> Any:  # noqa: ANN401  # the library's signature
        """Makes a call, again and again while its failure may pass.

        Raises:
            EndingError: the bot ends before the call has succeeded.
        """
        retrying = AsyncRetrying(
            sleep=self._ending.sleep,
            stop=_bound(endpoint),
            wait=_pause,
            retry=retry_if_exception(is_passing),
            before_sleep=lambda state: self._note(endpoint, state),
            reraise=True,
        )
        return await retrying(self._call, partial(callback, *args, **kwargs), data, endpoint)

    async def _call(self, call: Callable[[], Awaitable[_Result]], data: dict[str, Any], endpoint: str) -> _Result:
        """Makes a call once, when its chat is free, and again if the chat has moved.

        A message does not move along: its number is another's in the new chat, so it is neither edited nor replied to.
        """
        chat = data.get("chat_id", endpoint)
        if chat in self._moved and "message_id" not in data:
            chat = _follow(data, self._moved[chat])
        await self._until_free(chat)
        if endpoint == _SEND:
            await self._wire.take()
        try:
            return await self._make(call)
        except RetryAfter as error:
            self._free_at[chat] = time.monotonic() + seconds_of(error)
            raise
        except ChatMigrated as error:
            self._moved[chat] = error.new_chat_id
            if "message_id" in data:
                raise
            _follow(data, error.new_chat_id)
            return await self._make(call)

    async def _make(self, call: Callable[[], Awaitable[_Result]]) -> _Result:
        """Makes a call when a connection is free for it, unless the end is near."""
        async with self._connections:
            if self._ending.is_near:
                raise EndingError
            return await call()

    def _note(self, endpoint: str, state: RetryCallState) -> None:
        """Counts a failure that may pass, and says which it was; others may send in the meantime."""
        self._wire.let_go()
        self._metrics.retries.inc()
        error = state.outcome.exception() if state.outcome else None
        why = reason(error) if isinstance(error, TelegramError) else error
        _log.warning("%s failed and is tried again: %s", endpoint, why)

    async def _until_free(self, chat: object) -> None:
        """Waits as long as Telegram holds up a chat."""
        wait = self._free_at.get(chat, 0) - time.monotonic()
        if wait > 0:
            await self._ending.sleep(wait)
        else:
            self._free_at.pop(chat, None)


def _follow(data: dict[str, Any], chat: int) -> int:
    """Sends a message to where its chat has moved; returns the new chat."""
    data["chat_id"] = chat
    data.pop("reply_parameters", None)
    return chat


def _bound(endpoint: str) -> StopBaseT:
    if endpoint in _ONCE:
        return stop_after_attempt(1)
    return _HURRY if endpoint in _HURRIED else _TRIES


def is_passing(error: BaseException) -> bool:
    """Whether a call that failed so may succeed later: too many calls, a time-out, a cut, a fault of the server."""
    return isinstance(error, RetryAfter | NetworkError) and not isinstance(error, BadRequest)


def _pause(state: RetryCallState) -> float:
    """How long to wait for the next try, in seconds."""
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, RetryAfter):
        return seconds_of(error) + random.uniform(0, _JITTER)  # noqa: S311  # nosec B311  # nothing secret
    return _BACK_OFF(state)


def seconds_of(error: RetryAfter) -> float:
    """How long Telegram wants to be left alone, in seconds."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else wait
