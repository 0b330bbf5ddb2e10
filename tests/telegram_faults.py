"""What Telegram answers, and what can go wrong with an answer."""

import json
from dataclasses import dataclass
from typing import Self

CONFLICT = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
NGINX_502 = (
    b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n"
    b"<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx/1.18.0</center>\r\n</body>\r\n</html>\r\n"
)


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
    again: bool = False  #: whether updates that were confirmed already come once more

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

    @classmethod
    def duplicates(cls) -> Self:
        """Updates that were confirmed already come once more; only getUpdates has any."""
        return cls(again=True)
