"""What is not text: a caption is a question, anything else gets one line in private and none in a group."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.wording import PLURALS, wording
from retrieval.index import Index
from tests.desk import Desk
from tests.telegram_server import TelegramServer
from tests.telegram_shapes import MEDIA

KYZYM = "who appointed Kyzym"
ANSWER = "By the decision of the Minister of Foreign Affairs"
ONLY_TEXT = wording("en")("only_text")
GROUP = -1_001_000_000_200


@pytest_asyncio.fixture
async def desk(server: TelegramServer, tmp_path: Path, index: Index) -> AsyncIterator[Desk]:
    async with Desk(server, tmp_path, index) as desk:
        yield desk
    assert server.refusals == []


async def told(desk: Desk) -> list[str]:
    """What the bot says to what waits for it."""
    before = len(desk.server.sent)
    await desk.work()
    return [message.text for message in desk.server.sent[before:]]


async def test_in_private_whatever_has_no_words_gets_one_line(desk: Desk) -> None:
    for media in MEDIA:
        desk.server.say("", media=media)
        assert await told(desk) == [ONLY_TEXT], media


@pytest.mark.parametrize("language", PLURALS)
async def test_the_line_is_in_the_persons_language(desk: Desk, language: str) -> None:
    desk.server.say("", media="voice", language=language)
    assert await told(desk) == [wording(language)("only_text")]


async def test_a_caption_is_a_question(desk: Desk) -> None:
    desk.server.group(GROUP)
    for media in ("photo", "voice", "document", "video", "audio"):
        desk.server.say(KYZYM, media=media)
        desk.server.say(f"/ask {KYZYM}", media=media, chat=GROUP)
        first, second = await told(desk)
        assert ANSWER in first
        assert ANSWER in second


async def test_an_album_gets_one_line_and_not_ten(desk: Desk) -> None:
    for album in ("a", "b"):
        for _ in range(10):
            desk.server.say("", media="photo", media_group_id=album)
        desk.server.say("", media="photo")
        assert await told(desk) == [ONLY_TEXT] * 2


async def test_an_album_with_a_caption_is_a_question_and_no_more(desk: Desk) -> None:
    for number in range(10):
        desk.server.say("" if number else KYZYM, media="photo", media_group_id="a")
    (answer,) = await told(desk)
    assert ANSWER in answer


async def test_two_people_with_an_album_each_get_a_line_each(desk: Desk) -> None:
    for user in (1001, 1002, 1001, 1002):
        desk.server.say("", user=user, media="photo", media_group_id=f"album of {user}")
    assert await told(desk) == [ONLY_TEXT] * 2


async def test_in_a_group_what_has_no_words_is_left_alone(desk: Desk) -> None:
    desk.server.group(GROUP)
    desk.server.abilities["can_read_all_group_messages"] = True
    answer = await desk.ask("/ask xyzzy", chat=GROUP)
    for media in MEDIA:
        desk.server.say("", media=media, chat=GROUP)
        desk.server.say("", media=media, chat=GROUP, reply_to=answer)
    assert await told(desk) == []


async def test_what_happens_to_a_group_is_left_alone(desk: Desk) -> None:
    desk.server.group(GROUP, topics={5: "Talk"})
    desk.server.group(-7, kind="group")
    desk.server.migrate(-7, -1_001_000_000_700)
    for event in ({"new_chat_title": "New"}, {"pinned_message": desk.server.messages[GROUP, 5]}):
        desk.server.say("", chat=GROUP, **event)
    assert await told(desk) == []
