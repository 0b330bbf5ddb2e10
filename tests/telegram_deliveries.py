"""Updates that are posted to the bot's webhook, and what came of it.

As at Telegram, the updates of one chat or person follow one another, each tried until it is taken; those of different
ones are posted side by side. Nothing is ever posted beyond this machine.

Source of the order and of the error messages: WebhookActor.cpp of https://github.com/tdlib/telegram-bot-api.
"""

import asyncio
import contextlib
import json
import time
from collections import defaultdict, deque
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

import aiohttp

from tests.telegram_limits import Json, Params, as_integer, as_object, integer
from tests.telegram_updates import UpdateQueue

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
ANSWER_S = 10.0  #: seconds that the bot has to answer; Telegram's 60
FIRST_RETRY_S, LAST_RETRY_S = 0.05, 1.0  #: seconds between tries, doubled each time; Telegram begins with one


@dataclass(frozen=True, slots=True)
class Post:
    """An update as it was posted once."""

    update_id: int
    status: int  #: 0 when nobody answered
    at: float  #: time.monotonic(), at the answer


class Delivery:
    """What delivers to one webhook, from setWebhook to its end."""

    def __init__(self, updates: UpdateQueue, params: Params, posts: list[Post]) -> None:
        self.last_error: Json = {}  #: for getWebhookInfo
        self._updates, self._posts = updates, posts
        self._url, self._secret = params["url"], params.get("secret_token", "")
        self._places = asyncio.Semaphore(integer(params, "max_connections", 40))
        self._waiting: defaultdict[int, deque[Json]] = defaultdict(deque)
        self._task: asyncio.Task[None] | None = None
        if is_here(self._url):
            self._task = asyncio.create_task(self._run())

    async def end(self) -> None:
        """Stops at once; an update that is being posted stays."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        taken: set[int] = set()
        async with aiohttp.ClientSession() as http, asyncio.TaskGroup() as queues:
            while True:
                self._updates.arrived.clear()
                for update_id, update in self._updates.waiting.items():
                    if update_id not in taken:
                        taken.add(update_id)
                        self._waiting[queue := _queue_of(update)].append(update)
                        if len(self._waiting[queue]) == 1:
                            queues.create_task(self._drain(http, self._waiting[queue]))
                await self._updates.arrived.wait()

    async def _drain(self, http: aiohttp.ClientSession, queue: deque[Json]) -> None:
        """Posts the updates of one chat or person until none is left."""
        while queue:
            await self._post_until_taken(http, queue[0])
            queue.popleft()

    async def _post_until_taken(self, http: aiohttp.ClientSession, update: Json) -> None:
        update_id, pause = as_integer(update["update_id"], "update_id"), FIRST_RETRY_S
        while update_id in self._updates.waiting:
            self._updates.fetched_at.setdefault(update_id, time.monotonic())
            async with self._places:
                status, error = await post(http, self._url, self._secret, update)
            self._posts.append(Post(update_id, status, time.monotonic()))
            if not error:
                if update_id in self._updates.waiting:  # it may have been dropped while it was posted
                    self._updates.confirm(update_id)
                return
            self.last_error = {"last_error_date": int(time.time()), "last_error_message": error}
            await asyncio.sleep(pause)
            pause = min(2 * pause, LAST_RETRY_S)


async def post(http: aiohttp.ClientSession, url: str, secret: str, update: Json) -> tuple[int, str]:
    """The status of the bot's answer, 0 for none, and what Telegram says of it when the update was not taken."""
    headers = {"Content-Type": "application/json"} | ({SECRET_HEADER: secret} if secret else {})
    body, patience = json.dumps(update).encode(), aiohttp.ClientTimeout(ANSWER_S)
    try:
        async with http.post(url, data=body, headers=headers, timeout=patience, allow_redirects=False) as answer:
            await answer.read()
    except TimeoutError:
        return 0, "Read timeout expired"
    except aiohttp.ClientConnectorError:
        return 0, "Connection refused"
    except (aiohttp.ClientError, OSError):
        return 0, "Webhook connection closed"
    if HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        return answer.status, ""
    return answer.status, f"Wrong response from the webhook: {answer.status} {answer.reason}"


def is_here(url: str) -> bool:
    """Whether an address is on this machine."""
    return urlsplit(url).hostname in LOOPBACK


def _queue_of(update: Json) -> int:
    """Whose updates an update has to follow: those of its chat, or of the person without one."""
    about = as_object(next(value for name, value in update.items() if name != "update_id"), "update")
    place = about.get("chat") or as_object(about.get("message", {}), "message").get("chat") or about.get("from") or {}
    return as_integer(as_object(place, "place").get("id", 0), "id")
