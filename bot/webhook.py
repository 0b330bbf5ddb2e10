"""How updates are delivered: Telegram is told where to, what arrives is kept, and the arrangement is looked after."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.ear import DEAF, Ear
from bot.ending import pauses
from bot.errors import DeafError
from bot.failures import on_one_line, reason

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from telegram import Bot, WebhookInfo

    from bot.inbox import Body, Inbox
    from bot.lanes import Lanes
    from bot.metrics import Metrics

_log = logging.getLogger(__name__)

#: Where the bot itself lets updates in; a proxy in front may also leave the public address's own path.
PATH = "/telegram"

_PERIOD = 60.0  # seconds between two looks at what Telegram knows of the webhook
_LONGEST_PAUSE = 30  # seconds between two tries to reach Telegram
_PATIENCE = 10.0  # seconds that a delivery waits for its turn


def public_address(url: str) -> str:
    """Where Telegram delivers to: the operator's address; one without a path is the root of a site."""
    return url if urlsplit(url).path.strip("/") else f"{url.rstrip('/')}{PATH}"


class Webhook(Ear):
    """Lets Telegram deliver updates.

    Args:
        url: where Telegram delivers to.
        secret: what proves that it is Telegram that delivers.
        kinds: the kinds of updates to ask for.
        period: seconds between two looks at what Telegram knows of the webhook.
    """

    def __init__(  # noqa: PLR0913, PLR0917  # two more than polling: where, and how it is known that it is Telegram
        self,
        bot: Bot,
        url: str,
        secret: str,
        kinds: Sequence[str],
        inbox: Inbox,
        lanes: Lanes,
        metrics: Metrics,
        period: float = _PERIOD,
    ) -> None:
        super().__init__(metrics)
        self._bot = bot
        self.url = url
        self.secret = secret
        self._kinds = kinds
        self._inbox = inbox
        self._lanes = lanes
        self._period = period
        self._runs = asyncio.Event()
        self._failed_at: datetime | None = None  # when Telegram last failed to deliver, as far as the log says

    async def open(self) -> None:
        """Sets the webhook; what an earlier process set is replaced."""
        try:
            await self._bot.set_webhook(self.url, allowed_updates=self._kinds, secret_token=self.secret)
        except BadRequest as error:
            raise DeafError(f"Telegram does not accept QUOTH_WEBHOOK_URL: {reason(error)}") from error

    async def run(self) -> None:
        """Looks after the webhook until it is cancelled."""
        self._runs.set()
        while True:
            self.asks()
            self._judge(await self._info())
            self.heard()
            await asyncio.sleep(self._period)

    async def take(self, body: Body) -> bool:
        """Hands an update on; returns whether Telegram need not deliver it again."""
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._runs.wait()  # the updates that an earlier process left go first
                await self._lanes.has_room()
        except TimeoutError:
            return False
        self._metrics.deliveries.inc()
        for update in await self._inbox.keep([body]):
            self._lanes.put(update)
        return self._inbox.is_done_with(body)

    async def _info(self) -> WebhookInfo:
        """What Telegram knows of the webhook, however often it takes to ask."""
        pause = pauses(1, _LONGEST_PAUSE)
        while True:
            try:
                return await self._bot.get_webhook_info()
            except InvalidToken:
                raise
            except TelegramError as error:
                if self.is_deaf:
                    raise DeafError(f"Telegram could not be reached for {DEAF} seconds: {reason(error)}") from error
                _log.warning("The webhook could not be checked, trying again: %s", reason(error))
                await asyncio.sleep(next(pause))

    def _judge(self, info: WebhookInfo) -> None:
        """Logs what Telegram could not deliver; that it delivers somewhere else is an error."""
        if info.url != self.url:
            whose = "to another address" if info.url else "no longer"
            raise DeafError(f"Telegram delivers {whose}: another program has changed the webhook of this token.")
        if info.last_error_date and info.last_error_date != self._failed_at:
            why = on_one_line(info.last_error_message or "it does not say why")
            _log.warning("Telegram could not deliver to QUOTH_WEBHOOK_URL: %s", why)
        self._failed_at = info.last_error_date
