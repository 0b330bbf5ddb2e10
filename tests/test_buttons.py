"""`quoth run` and the buttons below its answers, as a process: over restarts, strange documents and strange presses."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
import pytest_asyncio

from bot.telegram_text import clean
from bot.wording import PLURALS, wording
from retrieval.folder import read_folder
from tests import tdlib
from tests.desk import buttons, data, rows_of
from tests.flows import answer, assert_well, notice, turned
from tests.folders import write
from tests.processes import PATIENCE, running
from tests.tdlib import Entity
from tests.telegram_records import SentMessage
from tests.telegram_server import TelegramServer

pytestmark = pytest.mark.asyncio(loop_scope="module")

EN = wording("en")
ARTICLE = "\n\n".join(
    [
        "Kyzym was appointed ambassador. " + "He was glad of it and told his friends. " * 4,
        *(
            f"In the year {year} Kyzym went to the city of {city} for a while."
            for year, city in enumerate("ABCDEFGH", 1990)
        ),
        "Readers said this of it:",
        "I agree that Kyzym is a sailor. Me too.",
    ]
)
LONG = f"{'word ' * 1_000}the heron {'x' * 300} stood in the pond {'word ' * 1_000}."
ODD = {
    "article.txt": ARTICLE,
    "long.txt": f"{'An owl is a bird. ' * 550}The badger digs. {'A crow is one too. ' * 50}\n\n{LONG}",
    "signs.txt": (
        "שגריר אוקראינה הוא Kovalenko, אמר השר.\n\n"
        "The penguin 🇺🇦 of @durov said /start to #tag and $USD at https://example.org/a?b=(c), a.md and a@b.com.\n\n"
        "**bold** <b>walrus</b> &amp; ```code``` [x](http://y.z) __here__ \t\x0b and A\u030angstro\u0308m."
    ),
    "only.txt": "The lynx.",
}
SOURCES = f"""
[[document]]
file = "article.txt"
title = "{"A very long title " * 60}"
url = "https://example.org/article?a=1"

[[document.range]]
kind = "comment"
start = "I agree that"
end = "Me too."

[[document]]
file = "only.txt"
url = "not an address"
"""


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("documents"), ODD, SOURCES)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running_bot(documents: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[TelegramServer]:
    """Telegram with the bot at it, the same process for all tests of this file that need no other."""
    async with TelegramServer() as server:
        settings = {"QUOTH_SEEDS": str(documents), "QUOTH_QUESTIONS_PER_MINUTE": "0"}
        async with running(server, tmp_path_factory.mktemp("quoth"), **settings) as service:
            await service.logged("answers from")
            yield server
            assert await service.stop() == 0


@pytest_asyncio.fixture(loop_scope="module")
async def server(running_bot: TelegramServer) -> AsyncIterator[TelegramServer]:
    yield running_bot
    assert_well(running_bot)


def quotations(message: SentMessage) -> list[str]:
    """What stands under the quotations, after Telegram's own parser."""
    entities = [Entity(str(e["type"]), int(str(e["offset"])), int(str(e["length"]))) for e in message.entities]
    arrived = tdlib.sent(message.text, entities)
    assert arrived.text == message.text
    assert sorted(arrived.entities) == sorted(entities)
    return arrived.quotations()


async def every_view(server: TelegramServer, question: str, language: str = "en") -> list[SentMessage]:
    """An answer, its further pages and all its contexts."""
    words = wording(language)
    views = [await answer(server, question, language=language)]
    for button in (f"{words('next')} ▶", words("in_context")):
        if not any(button in row for row in buttons(views[-1])):
            continue
        views.append(await turned(server, views[0], button, language=language))
        while f"{words('next')} ▶" in (buttons(views[-1]) or [[]])[0]:
            views.append(await turned(server, views[0], f"{words('next')} ▶", language=language))
    return views


# Whatever stands in the documents


@pytest.mark.parametrize("language", PLURALS)
@pytest.mark.parametrize(
    "question",
    ["Kyzym", "ambassador", "sailor", "the badger", "heron", "Kovalenko שגריר", "penguin", "walrus", "lynx"],
)
async def test_every_page_and_context_is_the_documents_to_the_letter(
    server: TelegramServer, documents: Path, question: str, language: str
) -> None:
    texts = [clean(document.text) for document in read_folder(documents).documents]
    views = await every_view(server, question, language)
    assert len(views) > 1
    for view in views:
        shown = quotations(view)
        assert shown
        assert all(any(quote in text for text in texts) for quote in shown)
        assert all(len(each.encode()) <= 64 for each in data(view))


async def test_ten_quotes_are_paged_through_three_at_a_time(server: TelegramServer) -> None:
    views = await every_view(server, "Kyzym")
    pages = [view for view in views if any(EN("in_context") in row for row in buttons(view))]
    shown = [quote for page in pages for quote in quotations(page)]
    assert [len(quotations(page)) for page in pages][:-1] == [3] * (len(pages) - 1)
    assert len(shown) == len(set(shown)) > 3
    assert [buttons(page)[0] for page in pages] == [
        *(["Next ▶"], *[["◀ Previous", "Next ▶"]] * (len(pages) - 2), ["◀ Previous"])
    ]


async def test_the_source_is_opened_at_the_quote(server: TelegramServer) -> None:
    found = await answer(server, "ambassador")
    (url,) = [str(button["url"]) for row in rows_of(found) for button in row if "url" in button]
    assert url.startswith("https://example.org/article?a=1#:~:text=Kyzym%20was%20appointed")
    context = await turned(server, found, "In context")
    assert buttons(context)[-1] == ["Back to the quotes", "Open source"]


async def test_an_address_that_is_none_is_no_button(server: TelegramServer) -> None:
    assert not [button for row in rows_of(await answer(server, "lynx")) for button in row if "url" in button]


async def test_a_comment_in_context_is_marked_as_one_and_stands_apart_from_the_article(server: TelegramServer) -> None:
    found = await answer(server, "sailor")
    context = await turned(server, found, "In context")
    assert context.text.endswith("reader comment, paragraph 1 of the comments")
    assert quotations(context) == ["I agree that Kyzym is a sailor. Me too."]


async def test_a_quote_amid_a_very_long_paragraph_has_what_is_near_it(server: TelegramServer) -> None:
    found = await answer(server, "the badger")
    context = await turned(server, found, "In context")
    (text,) = quotations(context)
    assert "The badger digs." in text
    assert text.startswith(("An owl", "owl", "is", "a", "bird."))
    assert context.text.startswith("…\n")
    assert len(text) > 1_500


# Who presses what


async def test_in_a_group_members_page_look_and_vote_and_each_votes_once(server: TelegramServer) -> None:
    group = server.group()
    found = await answer(server, "/ask Kyzym", chat=group)
    await turned(server, found, "Next ▶", user=2001)
    await turned(server, found, "In context", user=2002)
    await turned(server, found, "Back to the quotes", user=2003, language="uk")
    await turned(server, found, "◀ Назад", user=2004)
    for user in (2001, 2002, 2001):
        assert await notice(server, found, data(found)[-1], user=user) == EN("voted")


async def test_presses_that_no_button_makes_are_answered_and_change_nothing(server: TelegramServer) -> None:
    group = server.group()
    mine, theirs = await answer(server, "Kyzym"), await answer(server, "/ask Kyzym", chat=group)
    token, foreign = (data(message)[0].split(":")[1] for message in (mine, theirs))
    before = dict(server.messages), len(server.sent)
    for button in (
        *(f"page:{token}:4", f"page:{token}:-1", f"page:{token}:9999999999", f"context:{token}:10", f"vote:{token}:7"),
        *(f"page:{foreign}:1", f"vote:{foreign}:1", "page:AAAAAAAAAAAA:1", "x" * 64, "", "::", "🇺🇦", "page", "vote:1"),
    ):
        assert await notice(server, mine, button, forged=True, user=2005) == EN("stale"), button
    assert await notice(server, (group, 1), f"page:{token}:1", forged=True) == EN("stale")
    assert await notice(server, (1001, 10**6), f"page:{token}:1", forged=True) == EN("stale")
    assert await notice(server, theirs, f"page:{token}:1", forged=True, is_too_old=True) == EN("stale")
    assert (dict(server.messages), len(server.sent)) == before


async def test_a_hundred_presses_at_once_are_all_answered(server: TelegramServer) -> None:
    found = await answer(server, "Kyzym")
    queries = [server.press(found, data(found)[-1 - number % 2], user=3000 + number) for number in range(100)]
    for query in queries:
        assert (await query.answered(PATIENCE))["text"] == EN("voted")


# Over a restart


async def test_buttons_outlive_the_process_but_not_what_is_forgotten_or_changed(tmp_path: Path) -> None:
    folder, seeds = tmp_path / "quoth", write(tmp_path / "documents", {"a.txt": ARTICLE})
    folder.mkdir()
    settings = {"QUOTH_SEEDS": str(seeds), "QUOTH_RETENTION_DAYS": "30"}
    async with TelegramServer() as server:
        async with running(server, folder, **settings) as service:
            old, kept = await answer(server, "ambassador"), await answer(server, "Kyzym")
            await turned(server, kept, "Next ▶")
            assert await service.stop() == 0
        with closing(sqlite3.connect(folder / "quoth.sqlite3")) as connection, connection:
            connection.execute("UPDATE question SET asked_at = '2020-01-01T00:00:00.000+00:00' WHERE id = 1")
        async with running(server, folder, **settings) as service:
            assert await notice(server, old, "In context") == EN("stale")
            back = await turned(server, kept, data(kept)[0].removesuffix("1") + "0", forged=True)
            assert back.text == kept.text
            assert await notice(server, kept, data(kept)[-1]) == EN("voted")
            assert await service.stop() == 0
        (seeds / "a.txt").write_text(f"A new beginning, with Kyzym.\n\n{ARTICLE}")
        async with running(server, folder, **settings) as service:
            assert await notice(server, kept, "In context") == EN("stale")
            assert await notice(server, kept, data(kept)[-2]) == EN("voted")
            await turned(server, await answer(server, "Kyzym"), "In context")
            assert await service.stop() == 0
        assert_well(server)
    with closing(sqlite3.connect(folder / "quoth.sqlite3")) as connection:
        assert connection.execute("SELECT question_id, is_helpful FROM vote").fetchall() == [(2, 1)]
