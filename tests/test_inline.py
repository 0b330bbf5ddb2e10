"""Inline mode: what is offered while somebody types, what is sent of it, and what is remembered."""

import json
import logging
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Update
from tenacity import stop_after_attempt

from bot.inline import Inline, _result
from bot.links import payload
from bot.rendering import MAX_ENTITIES, MAX_LENGTH
from bot.replies import Look
from bot.telegram_text import clean, utf16_length
from bot.wording import PLURALS, wording
from retrieval.index import Index
from retrieval.types import QUOTABLE, Answer, Citation, Kind, LeadIn, Verdict
from tests import tdlib
from tests.folders import ask, read
from tests.serving import buttons, calls_of, recorded, rows, serving, settled
from tests.telegram_client import until
from tests.telegram_inline import check_result
from tests.telegram_limits import Json, Params, as_list, as_object
from tests.telegram_server import Fault, TelegramServer

KYZYM = "who appointed Kyzym"
RELATED = "when was the press conference about Belarus"
PERSON, STRANGER = 1001, 1002
SOURCED = '[[document]]\nfile = "a.txt"\nurl = "https://example.com/a"\npublisher = "Example"\n'
TEXTS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=200)
QUESTIONS = [KYZYM, "Kyiv", "Tsikhanouskaya", "Хто такий Кизим", "comments about Lukashenka", "opposition in exile"]
#: Why nothing is offered: the key of what the button says.
UNOFFERED = dict.fromkeys(["", "  ", "hello", "?!"], "inline_empty") | {"xyzzy": "nothing"}


def results(answer: Params) -> list[Json]:
    """What is offered."""
    return [as_object(each, "result") for each in as_list(json.loads(answer["results"]), "results")]


def said(result: Json) -> tdlib.Sent:
    """The message that a result becomes, as Telegram shows it."""
    content = as_object(result["input_message_content"], "content")
    entities = [as_object(each, "entity") for each in as_list(content["entities"], "entities")]
    triples = [tdlib.Entity(str(e["type"]), int(str(e["offset"])), int(str(e["length"]))) for e in entities]
    return tdlib.sent(str(content["message_text"]), triples)


async def asked(server: TelegramServer, query: str, **more: object) -> Params:
    """What the bot answers to a query."""
    return await server.inline(query, **more).answered()  # type: ignore[arg-type]  # whichever they are


# What is offered


async def test_each_result_is_a_message_whose_quotation_is_the_quote(
    server: TelegramServer, index: Index, tmp_path: Path
) -> None:
    async with serving(server, index, tmp_path):
        for question in QUESTIONS:
            offered = results(await asked(server, question))
            citations = index.ask(question, 10).citations
            assert [result["id"] for result in offered] == [payload(citation) for citation in citations] != []
            for result, citation in zip(offered, citations, strict=True):
                lead_in = [tdlib.clean(citation.lead_in.quote)] if citation.lead_in else []
                assert said(result).quotations() == [*lead_in, tdlib.clean(citation.quote)]
                assert citation.file in said(result).text
                assert as_object(result["input_message_content"], "content")["link_preview_options"] == {
                    "is_disabled": True
                }


async def test_a_result_is_named_by_its_first_words_and_says_where_they_stand(
    server: TelegramServer, index: Index, tmp_path: Path
) -> None:
    async with serving(server, index, tmp_path):
        offered = results(await asked(server, "Kyiv"))
    for result, citation in zip(offered, index.ask("Kyiv", 10).citations, strict=True):
        title, description = str(result["title"]), str(result["description"])
        whole, beginning = " ".join(citation.quote.split()), title.removesuffix("…")
        assert whole.startswith(beginning)
        assert whole == beginning or whole[len(beginning)] == " "  # cut behind a word
        assert citation.file in description
        assert description.startswith("reader comment") is (citation.kind is Kind.COMMENT)
    assert {citation.kind for citation in index.ask("Kyiv", 10).citations} == {Kind.TEXT, Kind.COMMENT}


@pytest.mark.parametrize("language", PLURALS)
async def test_it_speaks_the_persons_language_and_to_nobody_else(
    server: TelegramServer, index: Index, tmp_path: Path, language: str
) -> None:
    words = wording(language)
    async with serving(server, index, tmp_path):
        answer = await asked(server, KYZYM, language=language)
    assert words("paragraph", number=5) in str(results(answer)[0]["description"])
    assert words("paragraph", number=5) in said(results(answer)[0]).text
    assert (answer["is_personal"], answer["cache_time"]) == ("true", "60")


async def test_pages_follow_each_other_without_a_gap(server: TelegramServer, index: Index, tmp_path: Path) -> None:
    pages: list[list[object]] = []
    offset = ""
    async with serving(server, index, tmp_path):
        while not pages or offset:
            answer = await asked(server, "Kyiv", offset=offset)
            pages.append([result["id"] for result in results(answer)])
            offset = answer["next_offset"]
    everything = [payload(citation) for citation in index.ask("Kyiv", 1_000).citations]
    assert [name for page in pages for name in page] == everything
    assert len(set(everything)) == len(everything)
    assert [len(page) for page in pages[:-1]] == [10] * (len(pages) - 1) != []


async def test_an_offset_that_was_made_up_harms_nothing(server: TelegramServer, index: Index, tmp_path: Path) -> None:
    async with serving(server, index, tmp_path):
        first = results(await asked(server, "Kyiv"))
        for offset in ("x", "-1", "1.5", "²", "None"):
            assert results(await asked(server, "Kyiv", offset=offset)) == first
        for offset in ("1000", "9" * 64, "٣٠٠"):
            answer = await asked(server, "Kyiv", offset=offset)
            assert (results(answer), answer["next_offset"], "button" in answer) == ([], "", False)


@pytest.mark.parametrize("language", PLURALS)
async def test_without_a_quote_a_button_says_why_and_leads_to_the_private_chat(
    server: TelegramServer, index: Index, tmp_path: Path, language: str
) -> None:
    words = wording(language)
    async with serving(server, index, tmp_path):
        for query, key in UNOFFERED.items():
            answer = await asked(server, query, language=language)
            button = json.loads(answer["button"])
            assert (results(answer), button["text"]) == ([], words(key))
            assert len(button["text"]) <= 64
        server.say(f"/start {button['start_parameter']}", language=language)
        assert (await server.next_sent()).text.startswith(f"{words('inline_help')}\n\n{words('start')}")
    assert recorded(tmp_path) == []


async def test_a_quote_that_is_merely_close_says_so(server: TelegramServer, index: Index, tmp_path: Path) -> None:
    words = wording("en")
    assert index.ask(RELATED).verdict is Verdict.RELATED
    async with serving(server, index, tmp_path):
        for result in results(await asked(server, RELATED)):
            assert said(result).text.startswith(f"{words('related_to', question=RELATED)}\n\n")
            assert str(result["description"]).startswith(f"{words('uncertain')} · ")


async def test_what_is_sent_leads_to_the_context_the_source_and_other_chats(
    server: TelegramServer, tmp_path: Path
) -> None:
    index = Index(read({"a.txt": "Title\n\nThe minister appointed Kyzym.\n"}, SOURCED).documents)
    async with serving(server, index, tmp_path):
        (result,) = results(await asked(server, f"  {KYZYM} "))
        context, source, share = buttons(result["reply_markup"])
        assert context["url"] == f"https://t.me/quoth_test_bot?start={result['id']}"
        assert source["url"] == "https://example.com/a#:~:text=The%20minister%20appointed%20Kyzym."
        assert share["switch_inline_query"] == KYZYM
        server.say(f"/start {str(context['url']).partition('=')[2]}")
        assert "The minister appointed Kyzym." in (await server.next_sent()).text


@given(
    quote=TEXTS,
    lead_in=st.none() | TEXTS,
    question=TEXTS,
    heading=st.none() | TEXTS,
    kind=st.sampled_from(sorted(QUOTABLE)),
)
def test_whatever_documents_and_people_write_telegram_takes_it(
    quote: str, lead_in: str | None, question: str, heading: str | None, kind: Kind
) -> None:
    if not any(character.isalnum() for character in quote):
        return  # no passage is without a word
    carried = LeadIn(lead_in, 0, len(lead_in)) if lead_in else None
    marked = tuple((start, start + 1) for start in range(0, len(quote), 2))
    citation = Citation(
        *(quote, "a.txt", 0, len(quote), kind, None, None, None, None, heading, 3, None, 1.0, marked, True, carried)
    )
    answer = Answer(question, Verdict.RELATED, 0.5, {}, (), (citation,))
    result = json.loads(_result(answer, citation, wording("uk"), "quoth_test_bot", Look()).to_json())
    check_result(result)
    content = result["input_message_content"]
    assert utf16_length(content["message_text"]) <= MAX_LENGTH
    assert len(content["entities"]) <= MAX_ENTITIES
    assert clean(quote) in content["message_text"]


# What is remembered


async def test_what_is_typed_is_forgotten_and_what_is_sent_is_recorded(
    server: TelegramServer, index: Index, tmp_path: Path
) -> None:
    async with serving(server, index, tmp_path, questions_per_minute=1):
        for length in range(1, len(KYZYM) + 1, 3):
            await asked(server, KYZYM[:length])
        query = server.inline(KYZYM)
        chosen = results(await query.answered())[1]["id"]
        server.choose(query, str(chosen))
        server.say(KYZYM)  # none of that was counted: it is answered at once
        await server.next_sent()
    first, second = recorded(tmp_path, "text, verdict, delivered, asked_in, answered_in")
    assert first == (KYZYM, "answered", 1, None, None)
    assert second[:3] == first[:3]
    assert rows(tmp_path, "SELECT count(DISTINCT person), count(DISTINCT chat) FROM question") == [(1, 2)]
    ((file, start, end),) = rows(tmp_path, 'SELECT file, start, "end" FROM citation WHERE question_id = 1')
    citation = index.ask(KYZYM).citations[1]
    assert (file, start, end) == (citation.file, citation.start, citation.end)


async def test_a_quote_that_the_documents_have_no_more_is_recorded_as_a_question(
    server: TelegramServer, index: Index, tmp_path: Path
) -> None:
    about: Json = {"from": {"id": PERSON, "is_bot": False, "first_name": "P"}, "query": KYZYM, "result_id": "pgone-1-2"}
    async with serving(server, index, tmp_path):
        server.push({"chosen_inline_result": about})
    assert recorded(tmp_path) == [(KYZYM, "answered", 1)]
    assert rows(tmp_path, "SELECT * FROM citation") == []


@pytest.mark.parametrize("chat", [0, -1_001_000_000_200])
async def test_what_somebody_sends_through_the_bot_is_no_question(
    server: TelegramServer, index: Index, tmp_path: Path, chat: int
) -> None:
    server.group()
    async with serving(server, index, tmp_path) as service:
        server.say("hello")
        await server.next_sent()
        query = server.inline(KYZYM)
        server.choose(query, str(results(await query.answered())[0]["id"]), chat=chat or PERSON)
        await settled(server, service)
    assert len(server.sent) == 1


# Who may ask


@pytest.mark.parametrize(
    ("settings", "is_let_in"),
    [
        ({"allowed_users": {PERSON}}, True),
        ({"allowed_users": {STRANGER}, "admins": {PERSON}}, True),
        ({"allowed_users": {STRANGER}}, False),
        ({"allowed_chats": {-1_001_000_000_200}}, False),
    ],
)
async def test_who_is_not_let_in_is_told_so(
    server: TelegramServer, index: Index, tmp_path: Path, settings: dict[str, set[int]], *, is_let_in: bool
) -> None:
    about: Json = {"from": {"id": PERSON, "is_bot": False, "first_name": "P"}, "query": KYZYM, "result_id": "p"}
    async with serving(server, index, tmp_path, **settings):
        answer = await asked(server, KYZYM)
        server.push({"chosen_inline_result": about})
    assert bool(results(answer)) is is_let_in
    assert len(recorded(tmp_path)) == is_let_in
    assert answer["is_personal"] == "true"
    if not is_let_in:
        assert json.loads(answer["button"])["text"] == wording("en")("not_for_you")


# What goes wrong


@pytest.mark.parametrize("settings", [{}, {"allowed_users": {STRANGER}}])
async def test_a_query_that_is_too_old_is_no_fault(
    server: TelegramServer,
    index: Index,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    settings: dict[str, set[int]],
) -> None:
    server.inline(KYZYM).is_expired = True
    async with serving(server, index, tmp_path, **settings) as service:
        await settled(server, service)
        assert [refusal.call.method for refusal in server.refusals] == ["answerInlineQuery"]
        server.refusals.clear()
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_results_whose_entities_are_refused_are_offered_as_plain_text(
    server: TelegramServer, index: Index, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server.fail_next("answerInlineQuery", Fault.bad_request("Bad Request: can't parse entities: wrong"))
    async with serving(server, index, tmp_path):
        for result in results(await asked(server, KYZYM)):
            assert "entities" not in as_object(result["input_message_content"], "content")
    assert "a fault of Quoth" in caplog.text


async def test_another_refusal_is_logged(
    server: TelegramServer, index: Index, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server.fail_next("answerInlineQuery", Fault.bad_request("Bad Request: RESULT_ID_INVALID"))
    async with serving(server, index, tmp_path) as service:
        server.inline(KYZYM)
        await settled(server, service)
    assert "could not be sent: Result_id_invalid" in caplog.text


async def test_a_query_is_answered_in_spite_of_a_server_that_falters(
    server: TelegramServer, index: Index, tmp_path: Path
) -> None:
    server.fail_next("answerInlineQuery", Fault.bad_gateway())
    async with serving(server, index, tmp_path):
        assert results(await asked(server, KYZYM))


async def test_what_telegram_does_not_take_in_time_makes_way_for_what_was_typed_since(
    server: TelegramServer, index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery._HURRY", stop_after_attempt(2))
    server.fail_next("answerInlineQuery", Fault.bad_gateway(), times=2)
    async with serving(server, index, tmp_path):
        first = server.inline("who")
        await until(lambda: bool(calls_of(server, "answerInlineQuery")))
        assert results(await server.inline(KYZYM).answered())
    assert server.unanswered == [first]


# Whose turn it is


async def test_of_what_somebody_types_the_newest_is_answered_and_the_rest_let_go(
    server: TelegramServer, index: Index, tmp_path: Path
) -> None:
    server.fail_next("answerInlineQuery", Fault.slow(2))
    async with serving(server, index, tmp_path):
        first = server.inline("who")
        await first.answered()
        typed = [server.inline(KYZYM[:length]) for length in range(4, len(KYZYM) + 1)]
        other = server.inline(KYZYM, user=STRANGER)
        assert results(await other.answered(1.5))  # nobody waits for somebody else's
        assert results(await typed[-1].answered())
    assert server.unanswered == typed[:-1]
    assert len(calls_of(server, "answerInlineQuery")) == 3
    assert rows(tmp_path, "SELECT count(*) FROM inbox WHERE body IS NOT NULL") == [(0,)]


async def test_a_query_does_not_wait_for_an_answer_in_a_chat(
    server: TelegramServer, index: Index, tmp_path: Path
) -> None:
    server.fail_next("sendMessage", Fault.slow(2))
    async with serving(server, index, tmp_path):
        server.say(KYZYM)
        await server.next_sent()
        began = time.monotonic()
        await asked(server, KYZYM)
        assert time.monotonic() - began < 1.5


def test_a_title_of_one_endless_word_is_cut_within_it() -> None:
    (citation,) = ask("word", {"a.txt": f"{'x' * 400} is a word.\n"}).citations
    answer = Answer("word", Verdict.ANSWERED, 1.0, {}, (), (citation,))
    title = _result(answer, citation, wording("en"), "bot", Look()).title
    assert title == "x" * 79 + "…"


async def test_a_press_does_not_wait_for_what_is_typed(server: TelegramServer, index: Index, tmp_path: Path) -> None:
    async with serving(server, index, tmp_path):
        server.say(KYZYM)
        sent = await server.next_sent()
        server.fail_next("answerInlineQuery", Fault.slow(2))
        await asked(server, KYZYM)
        began = time.monotonic()
        await server.press(sent, "In context").answered()
        assert time.monotonic() - began < 1.5


async def test_half_a_character_is_no_fault(server: TelegramServer, index: Index, tmp_path: Path) -> None:
    query = f"\ud83c {KYZYM}"  # JSON can carry it, UTF-8 cannot
    async with serving(server, index, tmp_path):
        typed = server.inline(query)
        result = results(await typed.answered())[0]
        assert buttons(result["reply_markup"])[-1]["switch_inline_query"] == f"? {KYZYM}"
        server.choose(typed, str(result["id"]))
    assert recorded(tmp_path) == [(f"? {KYZYM}", "answered", 1)]


async def test_an_update_of_another_kind_is_passed_over(index: Index) -> None:
    nothing: Any = None
    inline = Inline(index, nothing, nothing, nothing)
    await inline.on_query(Update(1), nothing)
    await inline.on_chosen(Update(1), nothing)
