"""How updates are fetched: kept first, confirmed afterwards, and never in silence for long."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.calls import AiohttpRequest
from bot.delivery import seconds_of
from bot.ear import DEAF, NEVER, Ear
from bot.ending import pauses
from bot.errors import DeafError
from bot.failures import reason
from bot.inbox import id_of
from bot.incoming import one_by_one, parsed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telegram import Bot

    from bot.inbox import Body, Inbox
    from bot.lanes import Lanes
    from bot.metrics import Metrics

_log = logging.getLogger(__name__)

_POLL = 30  # seconds that Telegram may take to reply while there is nothing new
_READ = 10  # seconds beyond that
_FIRST_PAUSE, _LONGEST_PAUSE = 1, 30  # seconds between two tries
#: Seconds: longer than two processes overlap while one takes the place of the other.
_CONFLICT = 45
_TRIES = 3  # at least so many fail before either is believed
_SENSELESS = "Invalid server response"
_NOT_ALONE = "Another process fetches messages with the same token; stop one of the two."


class _Request(AiohttpRequest):
    """Requests for updates: one of them that nobody could read does not keep back the others."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The reply; of an update that cannot be read, its id alone.

        Raises:
            TelegramError: it holds nothing that can be read.
        """
        text = payload.decode("utf-8", "replace")
        reply = parsed(text)
        if isinstance(reply, dict):
            return reply
        updates = [_set_aside(update_id) if update is None else update for update_id, update in one_by_one(text)]
        if not updates:
            raise TelegramError(_SENSELESS)
        return {"result": updates}


def _set_aside(update_id: int) -> Body:
    _log.error("Update %s cannot be read and is given up.", update_id)
    return {"update_id": update_id}


class Polling(Ear):
    """Asks Telegram for updates.

    Args:
        kinds: the kinds of updates to ask for.
    """

    def __init__(self, bot: Bot, kinds: Sequence[str], inbox: Inbox, lanes: Lanes, metrics: Metrics) -> None:
        super().__init__(metrics)
        self._bot = bot
        self._kinds = json.dumps(list(kinds))
        self._inbox = inbox
        self._lanes = lanes
        # Asked directly: the bot's own get_updates hands over nothing of a batch in which one update is malformed.
        self._request = _Request(1, _POLL + _READ)
        self._offset: int | None = None
        self._alone_at = NEVER  # when there was last no other process with this token

    async def open(self) -> None:
        """Takes away a webhook, which would keep updates from being fetched."""
        await self._bot.delete_webhook()

    async def run(self) -> None:
        """Fetches until it is cancelled."""
        async with self._request:
            try:
                await self._fetch_on()
            except asyncio.CancelledError:
                await self._confirm()  # at no other end: of two bots with one token, it would end the other's poll too
                raise

    async def _fetch_on(self) -> None:
        while True:
            await self._lanes.has_room()
            self.asks()
            self._alone_at = time.monotonic()
            await self._round()

    async def _round(self) -> None:
        """Fetches and keeps a batch, however often it takes."""
        for tries, pause in enumerate(pauses(_FIRST_PAUSE, _LONGEST_PAUSE), start=1):  # pragma: no branch  # endless
            try:
                bodies = await self._fetch(_POLL)
            except InvalidToken:
                raise
            except TelegramError as error:
                self._check(error, tries)
                await asyncio.sleep(min(seconds_of(error), DEAF) if isinstance(error, RetryAfter) else pause)
            else:
                await self._take(bodies)
                return

    async def _take(self, bodies: list[Body]) -> None:
        self.heard()
        for update in await self._inbox.keep(bodies):
            self._lanes.put(update)
        ids = [number for body in bodies if (number := id_of(body)) is not None]
        # None: all are confirmed. After a week of silence ids begin anew, and the old offset would discard the new.
        self._offset = max(ids) + 1 if ids else None
        if bodies and not ids:  # nothing that can be confirmed: it will come again at once
            await asyncio.sleep(_LONGEST_PAUSE)

    async def _fetch(self, timeout: int) -> list[Body]:  # noqa: ASYNC109  # how long Telegram may take
        wish = {"timeout": timeout, "allowed_updates": self._kinds}
        if self._offset is not None:
            wish["offset"] = self._offset
        try:
            found = await self._request.post(f"{self._bot.base_url}/getUpdates?{urlencode(wish)}")
        except (LookupError, TypeError, AttributeError, ValueError, OverflowError) as fault:
            raise TelegramError(f"{_SENSELESS}, {type(fault).__name__}") from fault
        return found if isinstance(found, list) else []

    def _check(self, error: TelegramError, tries: int) -> None:
        """Logs that nothing was fetched; that it lasts too long is an error, unless the whole process slept."""
        now = time.monotonic()
        if not isinstance(error, Conflict):
            self._alone_at = now
        if tries >= _TRIES and now - self._alone_at > _CONFLICT:
            raise DeafError(f"{_NOT_ALONE} It has lasted {_CONFLICT} seconds: {reason(error)}")
        if tries >= _TRIES and self.is_deaf:
            raise DeafError(f"Nothing could be fetched from Telegram for {DEAF} seconds: {reason(error)}")
        if isinstance(error, Conflict):
            _log.warning(_NOT_ALONE)
        else:
            _log.warning("Messages could not be fetched, trying again: %s", reason(error))

    async def _confirm(self) -> None:
        """Tells Telegram what arrived, so that the next process does not get it again."""
        try:
            async with asyncio.timeout(1):
                await asyncio.sleep(0)  # the poll that was given up lets go of its connection
                await self._fetch(0)
        except (TelegramError, TimeoutError) as error:
            _log.debug("What arrived could not be confirmed: %s", error)
