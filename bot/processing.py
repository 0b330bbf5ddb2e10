"""One update, seen through: read, handed to the application, and closed in the inbox when nothing is left to do."""

from __future__ import annotations

import logging
import traceback
from typing import TYPE_CHECKING, Any, TypeAlias

from telegram import Update
from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application

from bot.delivery import is_passing
from bot.ending import pauses
from bot.errors import UpdateError
from bot.failures import apologise, reason
from bot.wire import at_work

if TYPE_CHECKING:
    from bot.ending import Ending
    from bot.flight_recorder import FlightRecorder
    from bot.inbox import Body, Inbox, Received
    from bot.metrics import Metrics
    from bot.people import People
    from bot.wire import Wire

_log = logging.getLogger(__name__)

_FIRST_PAUSE, _LONGEST_PAUSE = 1, 60  # seconds between two tries
# Seconds from the start until what an earlier process died at is begun. The others are answered by then; and should
# somebody kill one process after the other soon after its start, it is not each time the same update that runs.
_SUSPECTS_WAIT = 3


App: TypeAlias = Application[Any, Any, Any, Any, Any, Any]


class CandidApplication(App):
    """The library's application, but for what a handler raises: here whoever handed over the update learns of it."""

    async def process_error(self, update: object, error: Exception, *_: object, **__: object) -> bool:  # noqa: ARG002
        """Raises the error."""
        raise error


class Processing:
    """Brings updates to their end.

    Args:
        application: its handlers answer; what they raise comes here.
    """

    def __init__(  # noqa: PLR0913, PLR0917  # all that an update meets on its road
        self,
        application: App,
        inbox: Inbox,
        people: People,
        ending: Ending,
        metrics: Metrics,
        wire: Wire,
        recorder: FlightRecorder,
    ) -> None:
        self._application = application
        self._people = people
        self._inbox = inbox
        self._ending = ending
        self._metrics = metrics
        self._wire = wire
        self._recorder = recorder

    async def see_through(self, received: Received) -> None:
        """Answers an update, however long Telegram fails; one that Quoth itself fails on is given up.

        Raises:
            UpdateError: it stays in the inbox for now.
        """
        at_work.set(received.update_id)
        try:
            await self._recorder.accompany(received.update_id, self._until_done(received))
            self._recorder.tick_off(received.update_id)
        finally:
            self._wire.let_go()
        await self._inbox.close(received.update_id)

    async def _until_done(self, received: Received) -> None:
        body = None if received.is_outdated else received.body or await self._inbox.body(received.update_id)
        if received.is_suspect:
            await self._ending.sleep(_SUSPECTS_WAIT)
        pause = pauses(_FIRST_PAUSE, _LONGEST_PAUSE)
        while body is not None and not await self._is_closed(received.update_id, body):
            await self._ending.sleep(next(pause))

    async def _is_closed(self, update_id: int, body: Body) -> bool:
        """Whether nothing is left to do for an update after one more try."""
        update = None
        try:
            update = Update.de_json(body, self._application.bot)
            await self._application.process_update(update)
        except UpdateError:
            raise
        except TelegramError as error:
            return not _may_pass(error)
        except Exception as fault:  # noqa: BLE001  # the one place where a handler's own fault ends
            self._metrics.faults.inc()
            if not await self._inbox.fault(update_id):
                _log.warning("Update %s could not be worked on, trying again: %s", update_id, type(fault).__name__)
                return False
            where = "".join(traceback.format_tb(fault.__traceback__))
            _log.error("Update %s is given up after %s, here:\n%s", update_id, type(fault).__name__, where)
            _log.debug("The fault said: %s", fault)  # it may hold what a person wrote
            await apologise(update, self._people.language)
        return True


def _may_pass(error: TelegramError) -> bool:
    """Whether to try again what Telegram did not take; says so in the log."""
    if is_passing(error) or isinstance(error, InvalidToken):  # a token that was revoked ends the polling, not this
        _log.warning("A reply could not be sent, trying again: %s", reason(error))
        return True
    _log.warning("A reply could not be sent: %s", reason(error))
    return False
