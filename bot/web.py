"""What is served over HTTP: the webhook for Telegram, health and metrics for the operator.

It needs the extra `web`, so it is imported only where it is served.
"""

from __future__ import annotations

import asyncio
import hmac
import socket
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, TypeGuard
from urllib.parse import unquote, urlsplit

import uvicorn
from prometheus_client.exposition import choose_encoder
from starlette.applications import Starlette
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.errors import ListenError
from bot.inbox import id_of
from bot.incoming import parsed
from bot.webhook import PATH

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from starlette.requests import Request

    from bot.health import Health
    from bot.inbox import Body
    from bot.metrics import Metrics
    from bot.webhook import Webhook

_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  # nosec B105  # a header's name
_LARGEST = 2**20  # bytes; an update is a few kilobytes
_SLOWEST = 10.0  # seconds for the whole body
_GRACE = 1  # seconds at the end for requests that are under way

#: What Telegram is told: anything but 2xx, and it delivers the update again.
_OK, _BAD, _FORBIDDEN, _SLOW, _LARGE, _AGAIN = 200, 400, 403, 408, 413, 503


class Deliveries:
    """The door for Telegram."""

    def __init__(self, webhook: Webhook) -> None:
        self._webhook = webhook
        self._secret = webhook.secret.encode()

    async def receive(self, request: Request) -> Response:
        """Takes an update; says that it arrived once it is on disk."""
        given = request.headers.get(_SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode("latin-1"), self._secret):
            return Response(status_code=_FORBIDDEN)
        try:
            async with asyncio.timeout(_SLOWEST):
                content = await _content(request)
        except TimeoutError:
            return Response(status_code=_SLOW)
        if content is None:
            return Response(status_code=_LARGE)
        body = parsed(content)
        if not _is_update(body):
            return Response(status_code=_BAD)
        return Response(status_code=_OK if await self._webhook.take(body) else _AGAIN)


def website(health: Health, metrics: Metrics, webhook: Webhook | None = None) -> Starlette:
    """All that is served; the webhook both at its public path and at `/telegram`, which a proxy may make of that."""

    async def show_health(_: Request) -> Response:
        ailments = health.ailments()
        shown = {"live": health.is_live, "ready": not ailments, "reasons": ailments}
        return JSONResponse(shown, status_code=_AGAIN if ailments else _OK)

    async def show_metrics(request: Request) -> Response:
        encode, kind = choose_encoder(request.headers.get("Accept", ""))
        return PlainTextResponse(encode(metrics.registry), headers={"Content-Type": kind})

    routes = [Route("/healthz", show_health), Route("/metrics", show_metrics)]
    if webhook:
        receive = Deliveries(webhook).receive
        paths = {PATH, unquote(urlsplit(webhook.url).path)}
        routes += [Route(path, receive, methods=["POST"]) for path in sorted(paths)]
    return Starlette(routes=routes)


class _Server(uvicorn.Server):
    """A server that leaves the signals to the bot."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Captures none."""
        yield


@asynccontextmanager
async def serving(application: Starlette, address: str) -> AsyncIterator[None]:
    """Serves an application at an address, `host:port`, while the block runs.

    Raises:
        ListenError: the address cannot be listened on.
    """
    config = uvicorn.Config(
        application,
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=_GRACE,
    )
    server = _Server(config)
    with _listening(address) as listener:
        task = asyncio.create_task(server.serve([listener]))
        try:
            yield
        finally:
            server.should_exit = True
            await task


def _listening(address: str) -> socket.socket:
    host, _, port = address.rpartition(":")
    host = host.strip("[]")
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, int(port)), family=family)
    except OSError as error:
        why = str(error.strerror).partition(" (")[0]  # Python adds the address once more
        raise ListenError(f"QUOTH_LISTEN: nothing can listen on {address}: {why}.") from error


async def _content(request: Request) -> bytes | None:
    """The body; None if it is too large, whatever its headers say."""
    content = bytearray()
    async for piece in request.stream():
        content += piece
        if len(content) > _LARGEST:
            return None
    return bytes(content)


def _is_update(found: object) -> TypeGuard[Body]:
    return id_of(found) is not None
