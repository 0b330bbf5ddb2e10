"""Presses of buttons: what they lead to, and that those which lead nowhere are answered and change nothing."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from telegram.error import BadRequest

from bot.wording import PLURALS, wording
from retrieval.index import Index
from tests.desk import Desk, buttons, data
from tests.folders import read
from tests.telegram_records import Query, SentMessage
from tests.telegram_server import Fault, TelegramServer

KYZYM = "who appointed Kyzym"
ANSWER = "By the decision of the Minister of Foreign Affairs"
FURTHER = "The former Ukrainian Ambassador to Belarus"
BEFORE = "The latter rigged the presidential election"
EN = wording("en")
GROUP = -1_001_000_000_200


@pytest_asyncio.fixture
async def desk(server: TelegramServer, tmp_path: Path, index: Index) -> AsyncIterator[Desk]:
    async with Desk(server, tmp_path, index) as desk:
        yield desk


def notice(query: Query) -> str:
    """What whoever pressed is told; the press is answered."""
    assert query.answer is not None
    return query.answer.get("text", "")


async def is_stale(desk: Desk, message: SentMessage | tuple[int, int], button: str, **how: object) -> bool:
    """Whether a press is answered with the notice, and nothing else happens."""
    before = dict(desk.server.messages), len(desk.server.sent), desk.rows("SELECT * FROM vote")
    query = await desk.press(message, button, forged=True, **how)
    assert (dict(desk.server.messages), len(desk.server.sent), desk.rows("SELECT * FROM vote")) == before
    assert desk.server.refusals == []
    return notice(query) == EN("stale")


# What the buttons do


async def test_quotes_are_paged_through_and_back(desk: Desk) -> None:
    answer = await desk.ask(KYZYM)
    assert buttons(answer)[0] == ["Next ▶"]
    first = desk.shown(answer)
    assert notice(await desk.press(answer, "Next ▶")) == ""
    assert FURTHER in desk.shown(answer)
    assert ANSWER not in desk.shown(answer)
    assert buttons(desk.server.edits[-1])[0] == ["◀ Previous"]
    await desk.press(answer, "◀ Previous")
    assert desk.shown(answer) == first
    assert (desk.server.refusals, len(desk.server.sent)) == ([], 1)


async def test_a_quote_is_shown_in_context_and_the_answer_again(desk: Desk) -> None:
    answer = await desk.ask(KYZYM)
    first = desk.shown(answer)
    await desk.press(answer, "In context")
    assert BEFORE in desk.shown(answer)
    assert ANSWER in desk.shown(answer)
    assert buttons(desk.server.edits[-1]) == [["Next ▶"], ["Back to the quotes"]]
    await desk.press(answer, "Back to the quotes")
    assert desk.shown(answer) == first
    assert desk.server.refusals == []


async def test_the_context_leads_to_those_of_the_other_quotes_and_back_to_the_page_of_each(desk: Desk) -> None:
    answer = await desk.ask(KYZYM)
    await desk.press(answer, "In context")
    while "Next ▶" in buttons(desk.server.edits[-1])[0]:
        await desk.press(answer, "Next ▶")
    marked = {str([edit.text, edit.entities]) for edit in desk.server.edits}
    assert len(marked) == len(desk.server.edits) == len(desk.rows("SELECT * FROM citation"))
    await desk.press(answer, "Back to the quotes")
    assert FURTHER in desk.shown(answer)
    assert desk.server.refusals == []


async def test_a_vote_is_counted_once_a_person_and_can_be_changed(desk: Desk) -> None:
    answer = await desk.ask(KYZYM)
    helpful, not_helpful = data(answer)[-2:]
    for user, button in ((1001, helpful), (1001, helpful), (1002, helpful), (1001, not_helpful), (1003, not_helpful)):
        assert notice(await desk.press(answer, button, user=user)) == EN("voted")
    assert sorted(desk.rows("SELECT question_id, is_helpful FROM vote")) == [(1, 0), (1, 0), (1, 1)]
    assert (desk.server.edits, desk.server.refusals) == ([], [])


async def test_a_vote_that_cannot_be_kept_is_not_thanked_for(desk: Desk) -> None:
    answer = await desk.ask(KYZYM)
    desk.change("DROP TABLE vote")
    assert notice(await desk.press(answer, data(answer)[-1])) == EN("failure")


async def test_pressing_the_same_button_twice_is_no_fault(desk: Desk) -> None:
    answer = await desk.ask(KYZYM)
    button = data(answer)[0]
    await desk.press(answer, button)
    desk.server.press(answer, button, forged=True)
    await desk.work()
    assert desk.server.unanswered == []
    assert [refusal.description.partition(":")[2][:24] for refusal in desk.server.refusals] == [
        " message is not modified"
    ]


@pytest.mark.parametrize("language", PLURALS)
async def test_whoever_presses_is_told_in_their_own_language(desk: Desk, language: str) -> None:
    words, answer = wording(language), await desk.ask(KYZYM, language=language)
    assert notice(await desk.press(answer, data(answer)[-1], language=language)) == words("voted")
    assert notice(await desk.press(answer, "page:x:1", forged=True, language=language)) == words("stale")
    await desk.press(answer, words("in_context"), language=language)
    assert buttons(desk.server.edits[-1])[-1] == [words("back")]


async def test_in_a_group_anybody_pages_and_looks_and_votes(desk: Desk) -> None:
    desk.server.group(GROUP)
    answer = await desk.ask(f"/ask {KYZYM}", chat=GROUP)
    await desk.press(answer, "Next ▶", user=1002)
    await desk.press(answer, "In context", user=1003)
    assert notice(await desk.press(answer, "Back to the quotes", user=1004)) == ""
    assert notice(await desk.press(answer, data(answer)[-1], user=1005)) == EN("voted")
    assert (len(desk.server.edits), desk.server.refusals, desk.server.unanswered) == (3, [], [])


# Buttons that lead nowhere


@pytest.mark.parametrize(
    "button",
    [
        "page:{token}:2",
        "page:{token}:4294967296",
        "page:{token}:99999999999999999999999999999999999999999",
        "page:{token}:-1",
        "page:{token}:",
        "page:{token}",
        "page:{token}:1:1",
        "page:{token}:1 ",
        "page:{token}:²",
        "page:{token}:x",
        "page:{token}x:1",
        "page::1",
        "page:' OR 1=1 --:1",
        "page",
        "context:{token}:10",
        "context:{token}:-1",
        "vote:{token}:2",
        "vote:{token}:",
        "vote:{token}:1:1",
        "vote:x:1",
        "vote",
        "",
        ":",
        "{token}",
        "Page:{token}:1",
        "x" * 64,
        "🇺🇦" * 8,
        "page:\0:1",
    ],
)
async def test_what_no_button_has_brought_back_is_answered_and_changes_nothing(desk: Desk, button: str) -> None:
    answer = await desk.ask(KYZYM)
    token = data(answer)[0].split(":")[1]
    assert await is_stale(desk, answer, button.format(token=token))


async def test_a_token_counts_only_below_its_own_message(desk: Desk) -> None:
    desk.server.group(GROUP)
    mine, other = await desk.ask(KYZYM), await desk.ask("Belarus")
    theirs = await desk.ask(f"/ask {KYZYM}", chat=GROUP)
    assert theirs.message_id == mine.message_id
    for kind in range(len(data(mine))):
        for message, token in ((other, mine), (mine, other), (mine, theirs), (theirs, mine)):
            assert await is_stale(desk, message, data(token)[kind])


async def test_an_answer_so_old_that_telegram_shows_its_place_alone_can_be_paged(desk: Desk) -> None:
    answer = await desk.ask(KYZYM)
    assert notice(await desk.press(answer, "Next ▶", is_too_old=True)) == ""
    assert FURTHER in desk.shown(answer)
    assert await is_stale(desk, answer, "page:x:1", is_too_old=True)


async def test_a_message_that_is_gone_is_out_of_date(desk: Desk) -> None:
    answer = await desk.ask(KYZYM)
    assert await is_stale(desk, (1001, 4_000), data(answer)[0])
    del desk.server.messages[1001, answer.message_id]
    with pytest.raises(BadRequest, match="not found"):
        await desk.press(answer, data(answer)[0], forged=True)
    assert desk.server.unanswered == []


async def test_a_message_that_was_sent_inline_has_no_such_buttons(desk: Desk) -> None:
    answer = await desk.ask(KYZYM)
    query = desk.server.press("inline-1", data(answer)[0], forged=True)
    await desk.work()
    assert notice(query) == EN("stale")


async def test_the_buttons_of_an_answer_that_was_edited_since_are_out_of_date(desk: Desk) -> None:
    said = desk.server.say(KYZYM)
    await desk.work()
    (answer,) = desk.server.sent
    await desk.edit(said, "Belarus")
    (edited,) = desk.server.edits
    for button in data(answer):
        assert await is_stale(desk, answer, button)
    assert notice(await desk.press(answer, data(edited)[0])) == ""


async def test_what_is_forgotten_has_no_buttons_any_more(desk: Desk) -> None:
    answer = await desk.ask(KYZYM)
    desk.change("DELETE FROM question")
    for button in data(answer):
        assert await is_stale(desk, answer, button)


async def test_buttons_live_on_in_another_process_but_not_over_other_documents(
    server: TelegramServer, tmp_path: Path, index: Index
) -> None:
    async with Desk(server, tmp_path, index) as desk:
        answer = await desk.ask(KYZYM)
    async with Desk(server, tmp_path, index) as desk:
        assert notice(await desk.press(answer, "Next ▶")) == ""
        assert FURTHER in desk.shown(answer)
    other = Index(read({"a.txt": "Kyzym was appointed by Kuleba.", "b.txt": "Kyzym is an ambassador."}).documents)
    async with Desk(server, tmp_path, other) as desk:
        for button in data(answer)[:-2]:
            assert await is_stale(desk, answer, button)
        assert notice(await desk.press(answer, data(answer)[-1], forged=True)) == EN("voted")


# What goes wrong on the way


async def test_a_fault_of_the_search_is_owned_up_to(
    server: TelegramServer, tmp_path: Path, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Desk(server, tmp_path, index) as desk:
        answer = await desk.ask(KYZYM)
        query = server.press(answer, "Next ▶")
        monkeypatch.setattr(Index, "ask", None)
        with pytest.raises(TypeError):
            await desk.work()
        assert notice(query) == EN("failure")
    assert server.edits == []


async def test_a_press_that_waited_too_long_still_turns_the_page(desk: Desk) -> None:
    answer = await desk.ask(KYZYM)
    query = desk.server.press(answer, "Next ▶")
    query.is_expired = True
    await desk.work()
    assert FURTHER in desk.shown(answer)


async def test_a_message_that_says_it_already_is_no_fault(desk: Desk) -> None:
    answer = await desk.ask(KYZYM)
    desk.server.fail_next("editMessageText", Fault.bad_request("Bad Request: message is not modified: specified new"))
    assert notice(await desk.press(answer, "Next ▶")) == ""
