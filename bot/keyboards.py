"""The buttons below an answer and below a quote in context.

What a press brings back is `action:argument:…`, at most 64 bytes (https://core.telegram.org/bots/api#inlinekeyboardbutton);
an answer is named by a token that tells nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.links import deep_link, source_url
from bot.rendering import QUOTES, Button

if TYPE_CHECKING:
    from bot.rendering import Rows
    from bot.wording import Wording
    from retrieval.types import Answer, Citation

#: Quotes that can be paged through.
MAX_QUOTES = 10
_MAX_SHARED = 256  # characters: https://core.telegram.org/bots/api#inlinequery


def below_answer(answer: Answer, token: str, wording: Wording, *, page: int = 0, can_share: bool = False) -> Rows:
    """To further quotes, to the context and the source of the open one, to other chats, and what people think."""
    first = QUOTES * page
    if first >= len(answer.citations):
        return ()
    turns = arrows(wording, f"page:{token}", page, pages=-(-len(answer.citations) // QUOTES))
    looks = (Button(wording("in_context"), f"context:{token}:{first}"), *_source(answer.citations[first], wording))
    share = (Button(wording("share"), share=answer.question[:_MAX_SHARED]),) if can_share else ()
    votes = (
        Button(f"👍 {wording('helpful')}", f"vote:{token}:1"),
        Button(f"👎 {wording('not_helpful')}", f"vote:{token}:0"),
    )
    return turns, looks, votes, share


def below_context(answer: Answer, token: str, wording: Wording, number: int) -> Rows:
    """To the contexts of the other quotes, to the source, and back."""
    turns = arrows(wording, f"context:{token}", number, pages=len(answer.citations))
    back = Button(wording("back"), f"page:{token}:{number // QUOTES}")
    return turns, (back, *_source(answer.citations[number], wording))


def below_link(citation: Citation, wording: Wording) -> Rows:
    """To the source of a quote that a link led to."""
    return (_source(citation, wording),)


def below_sent(citation: Citation, question: str, wording: Wording, bot: str, *, can_share: bool = True) -> Rows:
    """Below a message in a chat that the bot is not in, where no press comes back: addresses, and other chats."""
    context = Button(wording("in_context"), url=deep_link(citation, bot))
    share = (Button(wording("share"), share=question[:_MAX_SHARED]),) if can_share else ()
    return (context, *_source(citation, wording)), share


def arrows(wording: Wording, action: str, at: int, *, pages: int) -> tuple[Button, ...]:
    """To the page before and the page after, where there is one."""
    before = (Button(f"◀ {wording('previous')}", f"{action}:{at - 1}"),) if at > 0 else ()
    after = (Button(f"{wording('next')} ▶", f"{action}:{at + 1}"),) if at + 1 < pages else ()
    return before + after


def _source(citation: Citation, wording: Wording) -> tuple[Button, ...]:
    url = source_url(citation)
    return (Button(wording("open_source"), url=url),) if url else ()
