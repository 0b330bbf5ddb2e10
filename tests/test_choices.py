"""The buttons below the replies to commands, as a process serves them: pressed, forged, and pressed after a restart."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from bot.catalogue import Catalogue
from bot.examples import Examples
from bot.wording import wording
from retrieval.index import Index
from tests.folders import write
from tests.processes import PATIENCE, contents, running
from tests.telegram_limits import Json
from tests.telegram_records import Query, SentMessage
from tests.telegram_server import TelegramServer

EN, UK, BE = wording("en"), wording("uk"), wording("be")
KYZYM = "who appointed Kyzym"
ANSWER = "By the decision of the Minister of Foreign Affairs"
PERSON, OTHER = 7_123_456_789, 7_987_654_321


def rows(folder: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / "quoth.sqlite3")) as connection:
        return connection.execute(sql).fetchall()


def labels(message: SentMessage) -> list[str]:
    return [str(button["text"]) for row in keyboard(message) for button in row]


def keyboard(message: SentMessage) -> list[list[Json]]:
    return message.markup["inline_keyboard"] if message.markup else []  # type: ignore[return-value]  # as Telegram has it


async def said(
    server: TelegramServer, text: str, user: int = PERSON, language: str = "en", chat: int = 0
) -> SentMessage:
    """The reply to what somebody says."""
    server.say(text, user=user, language=language, chat=chat)
    return await server.next_sent(PATIENCE)


async def notice(query: Query) -> str:
    """What somebody who pressed is told at once."""
    return (await query.answered(PATIENCE)).get("text", "")


# Examples


async def test_an_example_is_answered_below_its_question_also_after_a_restart(
    server: TelegramServer, tmp_path: Path, index: Index
) -> None:
    async with running(server, tmp_path) as service:
        start = await said(server, "/start")
        assert labels(start) == list(Examples(index).questions(EN))
        first = server.press(start, labels(start)[0], user=PERSON)
        answer = await server.next_sent(PATIENCE)
        assert await notice(first) == ""
        assert await service.stop() == 0
    assert answer.text.startswith(f"{labels(start)[0]}\n\n")
    assert answer.entities[0] == {"type": "bold", "offset": 0, "length": len(labels(start)[0])}
    async with running(server, tmp_path) as service:
        server.press(start, labels(start)[1], user=PERSON)
        answer = await server.next_sent(PATIENCE)
        server.press(answer, "Next ▶", user=PERSON)
        turned = await server.next_edit(PATIENCE)
        assert await service.stop() == 0
    assert answer.text.startswith(labels(start)[1])
    assert turned.text.startswith(labels(start)[1])
    assert turned.text != answer.text
    assert server.refusals == []
    assert rows(tmp_path, "SELECT text, verdict, asked_in, delivered FROM question ORDER BY id") == [
        (question, "answered", None, 1) for question in labels(start)[:2]
    ]


async def test_an_example_of_other_documents_is_out_of_date(server: TelegramServer, tmp_path: Path) -> None:
    seeds = write(tmp_path / "seeds", {"a.txt": "There was Ihor Kyzym. They saw Ihor Kyzym in Minsk."})
    async with running(server, tmp_path, QUOTH_SEEDS=str(seeds)) as service:
        start = await said(server, "/start")
        assert labels(start)[0] == "What is known about Ihor Kyzym?"
        assert await service.stop() == 0
    write(seeds, {"a.txt": "There was Dmytro Kuleba. They saw Dmytro Kuleba in Minsk."})
    async with running(server, tmp_path, QUOTH_SEEDS=str(seeds)) as service:
        assert await notice(server.press(start, labels(start)[0], user=PERSON)) == EN("stale")
        assert labels(await said(server, "/start"))[0] == "What is known about Dmytro Kuleba?"
        assert await service.stop() == 0
    assert len(server.sent) == 2


async def test_an_example_beyond_the_allowance_is_answered_in_its_turn(server: TelegramServer, tmp_path: Path) -> None:
    async with running(server, tmp_path, QUOTH_QUESTIONS_PER_MINUTE="2") as service:
        start = await said(server, "/start", language="uk")
        notices = [await notice(server.press(start, labels(start)[at], user=PERSON, language="uk")) for at in (0, 1)]
        assert notices == ["", UK("slow_down")]
        sent = [(await server.next_sent(PATIENCE)).text for _ in range(2)]
        assert sent[1] == UK("slow_down")
        assert await service.stop() == 0
    async with running(server, tmp_path, QUOTH_QUESTIONS_PER_MINUTE="0") as service:
        assert (await server.next_sent(PATIENCE)).text.startswith(labels(start)[1])
        assert await service.stop() == 0


# Documents


async def test_the_list_and_an_outline_take_turns_in_one_message(
    server: TelegramServer, tmp_path: Path, index: Index
) -> None:
    catalogue = Catalogue(index)
    async with running(server, tmp_path) as service:
        group = server.group()
        sources = await said(server, "/sources@quoth_test_bot", chat=group)
        shown = catalogue.page(EN)
        assert shown is not None
        assert (sources.text, labels(sources)) == (shown.text, [row[0].label for row in shown.buttons if row])
        server.press(sources, labels(sources)[1], user=OTHER, language="uk")
        outline = await server.next_edit(PATIENCE)
        assert "How should this happen? · 3 абзаци" in outline.text
        server.press(outline, UK("back_to_sources"), user=PERSON)
        back = await server.next_edit(PATIENCE)
        assert (back.text, back.message_id) == (sources.text, sources.message_id)
        assert await service.stop() == 0
    assert server.refusals == []
    assert len(server.sent) == 1


# Language


async def test_a_chosen_language_is_spoken_to_that_person_everywhere(server: TelegramServer, tmp_path: Path) -> None:
    async with running(server, tmp_path) as service:
        group = server.group()
        asked = await said(server, "/language@quoth_test_bot", chat=group)
        assert asked.text == EN("language_ask")
        assert await notice(server.press(asked, "Українська", user=OTHER)) == UK("language_chosen")
        assert server.edits == []  # the message is of the person who asked
        assert await notice(server.press(asked, "Беларуская", user=PERSON)) == BE("language_chosen")
        chosen = await server.next_edit(PATIENCE)
        assert (chosen.text, labels(chosen)[-1]) == (BE("language_chosen"), BE("as_in_telegram"))
        answer = await said(server, f"/ask {KYZYM}", chat=group)
        assert "абзац 5" in answer.text
        assert BE("in_context") in labels(answer)
        assert await notice(server.press(answer, "context:x:0", user=PERSON, forged=True)) == BE("stale")
        assert (await said(server, "/help", user=OTHER)).text.startswith(UK("help", commands="").partition("\n")[0])
        assert await service.stop() == 0
    async with running(server, tmp_path) as service:
        assert (await said(server, "/ask")).text == BE("ask_empty")
        server.say("", user=PERSON, media="voice")
        assert (await server.next_sent(PATIENCE)).text == BE("only_text")
        server.press(chosen, BE("as_in_telegram"), user=PERSON, language="ru")
        assert (await server.next_edit(PATIENCE)).text == wording("ru")("language_chosen")
        assert (await said(server, "/ask")).text == EN("ask_empty")
        assert await service.stop() == 0
    assert server.refusals == []
    assert rows(tmp_path, "SELECT language FROM person") == [("uk",)]
    async with running(server, tmp_path, QUOTH_ALLOWED_USERS="5") as service:
        assert await notice(server.press(chosen, "language:en", user=OTHER)) == UK("not_for_you")
        assert await service.stop() == 0


# Forgetting


def traces(folder: Path, *marks: str) -> list[str]:
    """The files that hold anything of somebody, whatever is written there."""
    return [name for name, content in contents(folder).items() if any(mark.encode() in content for mark in marks)]


async def test_what_is_kept_of_a_person_is_gone_when_it_is_said_to_be(server: TelegramServer, tmp_path: Path) -> None:
    secret = "who appointed Kyzym, if you please"
    async with running(server, tmp_path) as service:
        server.press(await said(server, "/language"), "language:en", user=PERSON)
        await server.next_edit(PATIENCE)
        first = await said(server, secret)
        server.press(first, "👍 Helpful", user=PERSON)
        others = await said(server, KYZYM, user=OTHER)
        ((person,),) = rows(tmp_path, f"SELECT person FROM question WHERE text = '{secret}'")
        marks = (secret, str(PERSON), str(person))
        asked = await said(server, "/forget")
        assert asked.text == EN("forget_ask")
        server.press(asked, EN("forget_no"), user=PERSON)
        kept = await server.next_edit(PATIENCE)
        assert (kept.text, kept.markup) == (EN("forget_not"), None)
        assert traces(tmp_path, *marks)
        asked = await said(server, "/forget")
        server.press(asked, EN("forget_yes"), user=PERSON)
        done = await server.next_edit(PATIENCE)
        assert (done.text, done.markup) == (EN("forget_done"), None)
        assert traces(tmp_path, *marks) == []  # while the bot runs
        assert await notice(server.press(first, "👍 Helpful", user=OTHER)) == EN("stale")
        assert await notice(server.press(others, "👍 Helpful", user=OTHER)) == EN("voted")
        assert await notice(server.press(asked, "forget:yes", user=PERSON, forged=True)) == EN("stale")
        assert await service.stop() == 0
    assert traces(tmp_path, *marks) == []
    assert rows(tmp_path, "SELECT text FROM question") == [(KYZYM,)]
    assert rows(tmp_path, "SELECT count(*) FROM vote") == [(1,)]
    assert server.refusals == []


async def test_in_a_group_only_the_person_who_asked_may_confirm(server: TelegramServer, tmp_path: Path) -> None:
    async with running(server, tmp_path) as service:
        group = server.group(topics={5: "Archive"})
        server.say(f"/ask {KYZYM}", user=OTHER, chat=group, thread=5)
        await server.next_sent(PATIENCE)
        server.say("/forget@quoth_test_bot", user=PERSON, chat=group, thread=5)
        asked = await server.next_sent(PATIENCE)
        for button in (EN("forget_yes"), EN("forget_no")):
            assert await notice(server.press(asked, button, user=OTHER, language="uk")) == UK("not_yours")
        assert server.edits == []
        server.press(asked, EN("forget_yes"), user=PERSON)
        assert (await server.next_edit(PATIENCE)).text == EN("forget_done")
        assert await service.stop() == 0
    assert rows(tmp_path, "SELECT text FROM question") == [(KYZYM,)]


async def test_questions_that_wait_for_their_turn_are_forgotten_too(server: TelegramServer, tmp_path: Path) -> None:
    async with running(server, tmp_path, QUOTH_QUESTIONS_PER_MINUTE="2") as service:
        asked = await said(server, "/forget")
        for number in range(4):
            server.say(f"{KYZYM} {number}", user=PERSON)
        sent = [(await server.next_sent(PATIENCE)).text for _ in range(2)]
        assert sent[-1] == EN("slow_down")
        await asyncio.sleep(1)  # Telegram tells the time of a message in seconds
        assert rows(tmp_path, "SELECT count(*) FROM inbox WHERE body LIKE '%Kyzym%'") == [(3,)]
        server.press(asked, EN("forget_yes"), user=PERSON)
        assert (await server.next_edit(PATIENCE)).text == EN("forget_done")
        assert traces(tmp_path, KYZYM, str(PERSON)) == []
        assert await service.stop() == 0
    assert len(server.sent) == 3
    assert rows(tmp_path, "SELECT count(*) FROM question") == [(0,)]
    assert rows(tmp_path, "SELECT count(*) FROM inbox WHERE body IS NOT NULL") == [(0,)]


async def test_a_database_that_cannot_be_written_is_said_not_hidden(server: TelegramServer, tmp_path: Path) -> None:
    async with running(server, tmp_path) as service:
        await said(server, KYZYM)
        asked = await said(server, "/forget", language="uk")
        with closing(sqlite3.connect(tmp_path / "quoth.sqlite3", isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            server.press(asked, UK("forget_yes"), user=PERSON, language="uk")
            failed = await server.next_edit(PATIENCE)
            assert (failed.text, labels(failed)) == (UK("forget_failed"), [UK("forget_yes"), UK("forget_no")])
            other.execute("ROLLBACK")
        server.press(failed, UK("forget_yes"), user=PERSON, language="uk")
        assert (await server.next_edit(PATIENCE)).text == UK("forget_done")
        assert await service.stop() == 0
    assert rows(tmp_path, "SELECT count(*) FROM question") == [(0,)]


# Whoever presses what is not there


async def test_a_forged_press_changes_nothing(server: TelegramServer, tmp_path: Path, index: Index) -> None:
    ((example,), *_) = Examples(index).buttons(EN)
    forged = [
        *(example.data, "ask:", "ask:en", "ask:xx:0", "ask:en:0:0", "ask"),
        *("sources:0", "sources:1", "sources:-1", "sources:", "sources", f"sources:{'9' * 50}", "sources:0:0"),
        *("outline:gq-YIkrm:0", "outline:x:0", "outline:gq-YIkrm", "outline::", "outline:gq-YIkrm:x"),
        *("language:uk", "language:auto", "language:xx", "language:", "language"),
        *("forget:yes", "forget:no", "forget:", "forget", "forget:yes:yes", "", ":", "x", "0"),
    ]
    async with running(server, tmp_path) as service:
        answer = await said(server, KYZYM)
        for data in forged:
            assert await notice(server.press(answer, data, user=PERSON, forged=True)) == EN("stale"), data
        old = await said(server, "/sources")
        assert await notice(server.press(old, "sources:0", user=PERSON, forged=True, is_too_old=True)) == EN("stale")
        for data in ("sources:9", "outline:x:0", "outline:gq-YIkrm:9", "language:uk", "forget:yes", example.data):
            assert await notice(server.press(old, data, user=PERSON, forged=True)) == EN("stale"), data
        assert await service.stop() == 0
    assert (len(server.sent), server.edits) == (2, [])
    assert rows(tmp_path, "SELECT count(*) FROM question") == [(1,)]
    assert rows(tmp_path, "SELECT count(*) FROM person") == [(0,)]
    assert server.refusals == []


async def test_in_groups_commands_are_for_the_bot_when_they_name_it(server: TelegramServer, tmp_path: Path) -> None:
    names = ("start", "sources", "help", "language", "privacy", "forget")
    async with running(server, tmp_path) as service:
        group = server.group()
        for name in names:
            server.say(f"/{name}", chat=group)
            server.say(f"/{name}@another_bot", chat=group)
        replies = [await said(server, f"/{name}@quoth_test_bot", chat=group) for name in names]
        assert await service.stop() == 0
    assert len(server.sent) == len(replies) == len(names)
    assert [reply.text.partition("\n")[0] for reply in replies][3::2] == [EN("language_ask"), EN("forget_ask")]
