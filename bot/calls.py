"""Calls to Telegram over HTTP, by aiohttp: through httpx, the library's own way, each costs four times as much."""

from __future__ import annotations

import json
import ssl
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import certifi
from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar, TCPConnector
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest

if TYPE_CHECKING:
    from telegram.request import RequestData

_JSON = {"Content-Type": "application/json"}
_TO_CONNECT = 20.0  # seconds
_POOL_WAIT = 60.0  # seconds that a call waits for its turn and its connection


class AiohttpRequest(BaseRequest):
    """A pool of connections, through the proxy that the environment names, if any. It uploads no files.

    Args:
        connections: how many calls there are at a time.
        patience: seconds until a reply has to begin, and to go on.
    """

    def __init__(self, connections: int, patience: float) -> None:
        self._connections = connections
        self._patience = patience
        self._session: ClientSession | None = None
        self._proxies: dict[str, str] = {}

    @property
    def read_timeout(self) -> float:
        """The patience."""
        return self._patience

    async def initialize(self) -> None:
        """Makes the pool; nothing is connected yet."""
        if self._session is None:
            self._proxies = getproxies()
            self._session = ClientSession(
                connector=TCPConnector(limit=self._connections, ssl=_trust()),
                timeout=ClientTimeout(connect=_POOL_WAIT, sock_connect=_TO_CONNECT, sock_read=self._patience),
                headers={"User-Agent": self.USER_AGENT},
                cookie_jar=DummyCookieJar(),
                trust_env=False,  # beside the proxy, it would send Telegram the passwords of ~/.netrc
            )

    async def shutdown(self) -> None:
        """Closes the connections."""
        session, self._session = self._session, None
        if session:
            await session.close()

    async def do_request(  # type: ignore[override]  # no call has a patience of its own
        self, url: str, method: str, request_data: RequestData | None = None, **_: object
    ) -> tuple[int, bytes]:
        """Makes a call; returns the status of HTTP and the body.

        Raises:
            TimedOut: no connection, or no reply, in time.
            NetworkError: it came to no reply.
        """
        if self._session is None:
            raise NetworkError("The connections to Telegram are closed.")
        body = json.dumps(request_data.parameters).encode() if request_data else None
        try:
            async with self._session.request(
                method, url, data=body, headers=_JSON if body else None, proxy=self._proxy(url), allow_redirects=False
            ) as response:
                return response.status, await response.read()
        except TimeoutError as error:
            raise TimedOut from error
        except (ClientError, OSError) as error:
            raise NetworkError(f"{type(error).__name__}: {error}") from error

    def _proxy(self, url: str) -> str | None:
        """The proxy that a call goes through, as the environment names it, with or without a scheme."""
        if not self._proxies:
            return None
        address = urlsplit(url)
        proxy = self._proxies.get(address.scheme) or self._proxies.get("all")
        if not proxy or proxy_bypass(address.hostname or ""):
            return None
        return proxy if "://" in proxy else f"http://{proxy}"


def _trust() -> ssl.SSLContext:
    """Whom to believe that they are Telegram: the authorities of the system, or, where it names none, Mozilla's."""
    context = ssl.create_default_context()
    if not context.cert_store_stats()["x509_ca"]:
        context.load_verify_locations(certifi.where())
    return context
