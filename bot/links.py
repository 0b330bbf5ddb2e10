"""Addresses that lead to a quote: on the page of its source, and in a private chat with the bot."""

from __future__ import annotations

import hashlib
import re
from base64 import urlsafe_b64encode
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

if TYPE_CHECKING:
    from bot.context import Contexts
    from retrieval.index import Index
    from retrieval.types import Citation

_WHOLE = 120  # characters: a longer quote is named by its first and last words
_ENDS = 6  # words at each end
_FILE_BYTES = 6
#: Stands behind /start where somebody comes from the inline mode.
INLINE = "inline"
#: Telegram's limit is 64 of these: https://core.telegram.org/bots/features#deep-linking
_PAYLOAD = re.compile(r"p([A-Za-z0-9_-]{8})-(\d{1,10})-(\d{1,10})")


def source_url(citation: Citation) -> str | None:
    """The source's address with a text fragment, so that the browser goes to the quote and marks it.

    Source: https://wicg.github.io/scroll-to-text-fragment/#syntax
    """
    if citation.url is None or urlsplit(citation.url).scheme not in {"http", "https"}:
        return None
    words = citation.quote.split()
    ends = [citation.quote] if len(citation.quote) <= _WHOLE else [" ".join(words[:_ENDS]), " ".join(words[-_ENDS:])]
    fragment = ",".join(_encoded(" ".join(end.split())) for end in ends)
    return f"{citation.url}{'' if '#' in citation.url else '#'}:~:text={fragment}"


def deep_link(citation: Citation, bot: str) -> str:
    """The address that opens a quote in a private chat with the bot of this username."""
    return f"https://t.me/{bot}?start={payload(citation)}"


def _encoded(text: str) -> str:
    """Percent-encoded, with the signs that a fragment uses itself."""
    return quote(text, safe="").replace("-", "%2D")


def payload(citation: Citation) -> str:
    """What stands behind /start in a link to a quote."""
    return f"p{short_name(citation.file)}-{citation.start}-{citation.end}"


class Places:
    """The way back from a payload to its quote."""

    def __init__(self, index: Index, contexts: Contexts) -> None:
        self._files = {short_name(document.file): document.file for document in index.documents}
        self._contexts = contexts

    def citation(self, text: str) -> Citation | None:
        """The quote that a payload names; None if the documents do not have it."""
        match = _PAYLOAD.fullmatch(text)
        file = self._files.get(match[1]) if match else None
        return self._contexts.citation(file, int(match[2]), int(match[3])) if match and file else None


def short_name(file: str) -> str:
    """What a document is called where there is little room: eight characters that a link may hold."""
    return urlsafe_b64encode(hashlib.blake2b(file.encode(), digest_size=_FILE_BYTES).digest()).decode()
