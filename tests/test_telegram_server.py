"""The tests' own Telegram: each of its strictnesses and faults, asked over plain HTTP, and a real bot against it."""

import asyncio
import io
import json
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import aiohttp
import pytest
import pytest_asyncio
from telegram import MessageEntity, Update
from telegram.constants import BotCommandScopeType, ChatAction, MessageEntityType
from telegram.ext import Application, CommandHandler, ContextTypes, MessageHandler, filters

from tests import telegram_limits, telegram_server
from tests.telegram_limits import Json
from tests.telegram_server import FIRST_UPDATE, Fault, TelegramServer

pytestmark = pytest.mark.asyncio

PERSON = 1001
GROUP: Json = {"id": -100200, "type": "supergroup", "title": "Archive"}
GROUP_MESSAGE: Json = {"message_id": 40, "date": 0, "chat": GROUP, "text": "hello"}
BUTTON: Json = {"text": "More", "callback_data": "1"}
LONE_SURROGATE = "\ud83c"
FLAG = "🇺🇦"  # two characters, four UTF-16 units


@dataclass(frozen=True)
class Answer:
    status: int
    body: Json

    @property
    def result(self) -> object:
        assert self.body["ok"] is True, self.body
        return self.body["result"]

    @property
    def update_ids(self) -> list[object]:
        assert isinstance(self.result, list)
        return [update["update_id"] for update in self.result]

    @property
    def description(self) -> str:
        assert self.body["ok"] is False
        assert self.body["error_code"] == self.status
        return str(self.body["description"])


class Client:
    """Calls as a bot makes them: a form, in which lists and objects are JSON."""

    def __init__(self, server: TelegramServer, http: aiohttp.ClientSession) -> None:
        self.server, self.http = server, http

    def url(self, method: str) -> str:
        return f"{self.server.url}/bot{self.server.token}/{method}"

    async def call(self, method: str, **params: object) -> Answer:
        form = {name: value if isinstance(value, str) else json.dumps(value) for name, value in params.items()}
        async with self.http.post(self.url(method), data=form) as response:
            return Answer(response.status, await response.json())

    async def send(self, text: str, **params: object) -> Answer:
        return await self.call("sendMessage", chat_id=PERSON, text=text, **params)

    async def start_polling(self) -> asyncio.Task[Answer]:
        """A long poll that waits for what comes after the first update."""
        poll = asyncio.create_task(self.call("getUpdates", offset=FIRST_UPDATE + 1, timeout=50))
        await until(lambda: self.server.updates.is_polled)
        return poll


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not is_so():  # noqa: ASYNC110 - what is awaited has no event
            await asyncio.sleep(0.005)


@pytest_asyncio.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server


@pytest_asyncio.fixture
async def client(server: TelegramServer) -> AsyncIterator[Client]:
    """A client of a server to which a person has written once (message 1), and the bot answered (message 2)."""
    async with aiohttp.ClientSession() as http:
        client = Client(server, http)
        server.say("hello", user=PERSON)
        await client.send("Welcome")
        await server.next_sent()
        yield client


def entity(kind: str, offset: int, length: int, **more: object) -> Json:
    return {"type": kind, "offset": offset, "length": length, **more}


def inline(*buttons: object) -> Json:
    return {"inline_keyboard": [list(buttons)]}


# Requests


async def test_the_bot_learns_its_own_name(client: Client) -> None:
    about = (await client.call("getMe")).result
    assert isinstance(about, dict)
    assert (about["id"], about["username"], about["supports_inline_queries"]) == (123456, "quoth_test_bot", True)


@pytest.mark.parametrize(
    ("path", "status", "description"),
    [
        ("/bot123456:another/getMe", 401, "Unauthorized"),
        ("/botnonsense/getMe", 404, "Not Found"),
        ("/bot{token}/getNothing", 404, "Not Found"),
        ("/bot{token}/getMe/more", 404, "Not Found"),
        ("/file/bot{token}/documents/1.pdf", 404, "Not Found"),
        ("/", 404, "Not Found"),
    ],
)
async def test_an_unknown_address_is_refused(
    server: TelegramServer, client: Client, path: str, status: int, description: str
) -> None:
    async with client.http.get(server.url + path.format(token=server.token)) as response:
        answer = Answer(response.status, await response.json())
    assert (answer.status, answer.description) == (status, description)
    assert [(refusal.code, refusal.description) for refusal in server.refusals] == [(status, description)]


async def test_parameters_come_by_address_form_multipart_or_json(server: TelegramServer, client: Client) -> None:
    plain = {"chat_id": str(PERSON), "text": f"a + b & {FLAG}", "reply_markup": json.dumps(inline(BUTTON))}
    url, parts = client.url("sendMessage"), aiohttp.FormData(plain, default_to_multipart=True)
    nested = {**plain, "chat_id": PERSON, "reply_markup": inline(BUTTON), "entities": None}
    for sending in (
        client.http.get(url, params=plain),
        client.http.post(url, params=plain),
        client.http.post(url, data=plain),
        client.http.post(url, data=parts),
        client.http.post(url, json=plain),
        client.http.post(client.url("SENDmessage"), json=nested),
    ):
        async with sending as response:
            assert response.status == 200, await response.text()
        sent = await server.next_sent()
        assert (sent.chat_id, sent.text, sent.markup) == (PERSON, plain["text"], inline(BUTTON))
    assert {call.method for call in server.calls} == {"sendMessage"}


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b"{"),
        ("application/json", b"[1]"),
        ("application/json", b"\xff"),
        ("application/json", b"[" * 100_000),
        ("application/json", json.dumps({"chat_id": {"id": 1}, "text": ["x"]}).encode()),
        ("application/json", b'{"chat_id": 1001, "text": "x", "entities": [{"type": "bold", "offset": NaN}]}'),
        ("application/x-www-form-urlencoded", b"chat_id=1001&text=%ff"),
        ("application/x-www-form-urlencoded", b"chat_id=1001&text=\xff"),
        ("application/x-www-form-urlencoded", b"chat_id=1001&text=%ED%A0%BC"),
        ("application/x-www-form-urlencoded", b"chat_id=" + b"9" * 5000),
        ("application/x-www-form-urlencoded", b"chat_id=1_001&text=x"),
        ("application/x-www-form-urlencoded", b"chat_id=1001&text=x&entities=" + b"[" * 100_000),
        ("application/x-www-form-urlencoded", b"chat_id=1001&text=x&disable_notification=perhaps"),
        ("application/x-www-form-urlencoded", b"text=" + b"x" * 2_000_000),
        ("multipart/form-data", b"no boundary"),
        (
            "multipart/form-data; boundary=b",
            b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\n\xff\r\n--b--\r\n',
        ),
        ("multipart/form-data; boundary=b", b"--c\r\n\r\n"),
        ("text/plain", b"text=x"),
    ],
)
async def test_no_request_breaks_the_server(
    server: TelegramServer, client: Client, content_type: str, body: bytes
) -> None:
    headers = {"Content-Type": content_type}
    async with client.http.post(client.url("sendMessage"), data=io.BytesIO(body), headers=headers) as response:
        assert response.status in {400, 413}, await response.text()
    assert len(server.refusals) == 1
    assert len(server.sent) == 1


async def test_a_request_that_stops_halfway_is_forgotten(server: TelegramServer, client: Client) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", int(server.url.rpartition(":")[2]))
    writer.write(f"POST /bot{server.token}/sendMessage HTTP/1.1\r\nHost: x\r\nContent-Length: 90\r\n".encode())
    writer.write(b"Content-Type: application/x-www-form-urlencoded\r\n\r\nchat_id=1001")
    await writer.drain()
    await asyncio.sleep(0.05)
    writer.close()
    await writer.wait_closed()
    await client.call("getMe")
    assert server.refusals == []


async def test_a_mistake_of_the_server_fails_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    async def break_down(_server: TelegramServer, _params: object) -> object:
        raise KeyError("mistake")

    monkeypatch.setitem(telegram_server.METHODS, "getMe", break_down)
    with pytest.raises(RuntimeError, match="failed by itself") as raised:
        async with TelegramServer() as server, aiohttp.ClientSession() as http:
            assert (await Client(server, http).call("getMe")).status == 500
    assert isinstance(raised.value.__cause__, KeyError)


# Updates


async def test_an_offset_confirms_and_forgets_what_is_below_it(server: TelegramServer, client: Client) -> None:
    for text in ("one", "two", "three"):
        last = server.say(text)
    assert (await client.call("getUpdates")).update_ids == [last - 3, last - 2, last - 1, last]
    assert server.acknowledged == 0
    assert (await client.call("getUpdates", offset=last - 1, limit=1)).update_ids == [last - 1]
    assert server.acknowledged == last - 2
    assert (await client.call("getUpdates", offset=0)).update_ids == [last - 1, last]
    assert (await client.call("getUpdates", offset=-1)).update_ids == [last]
    assert (await client.call("getUpdates", offset=last + 100)).update_ids == []
    assert server.acknowledged == last
    assert server.say("four") == last + 1


async def test_an_update_tells_when_it_was_first_handed_out(server: TelegramServer, client: Client) -> None:
    before = time.monotonic()
    assert server.fetched_at == {}
    await client.call("getUpdates")
    first = server.fetched_at[FIRST_UPDATE]
    await client.call("getUpdates")
    assert before <= first == server.fetched_at[FIRST_UPDATE] <= time.monotonic()


async def test_a_long_poll_returns_as_soon_as_something_arrives(server: TelegramServer, client: Client) -> None:
    started = time.monotonic()
    poll = await client.start_polling()
    together = [server.say("who appointed Kyzym"), server.say("and when")]
    assert (await poll).update_ids == together
    assert time.monotonic() - started < 10


async def test_a_long_poll_ends_empty_when_nothing_arrives(client: Client) -> None:
    started = time.monotonic()
    assert (await client.call("getUpdates", offset=FIRST_UPDATE + 1, timeout=1)).update_ids == []
    assert 1 <= time.monotonic() - started < 10


async def test_a_second_poller_ends_the_first(server: TelegramServer, client: Client) -> None:
    first = await client.start_polling()
    second = asyncio.create_task(client.call("getUpdates", offset=FIRST_UPDATE + 1, timeout=50))
    assert (await first).description == telegram_server.CONFLICT
    assert (await first).status == 409
    update_id = server.say("hello")
    assert (await second).update_ids == [update_id]


async def test_a_poller_that_is_gone_stands_in_nobodys_way(server: TelegramServer, client: Client) -> None:
    poll = await client.start_polling()
    poll.cancel()
    await until(lambda: not server.updates.is_polled)
    update_id = server.say("is anybody there")
    assert update_id not in server.fetched_at
    assert (await client.call("getUpdates", timeout=50)).update_ids == [update_id]
    assert server.refusals == []


async def test_the_end_of_the_server_ends_a_long_poll() -> None:
    async with aiohttp.ClientSession() as http:
        async with TelegramServer() as server:
            poll = await Client(server, http).start_polling()
            started = time.monotonic()
        with pytest.raises(aiohttp.ClientConnectionError):
            await poll
    assert time.monotonic() - started < 10


async def test_allowed_updates_are_remembered_and_count_for_what_arrives_later(
    server: TelegramServer, client: Client
) -> None:
    reaction: Json = {"message_reaction": {"chat": GROUP, "message_id": 1}}
    assert server.push(reaction) == FIRST_UPDATE + 1
    assert (await client.call("getUpdates", allowed_updates=["message_reaction"])).update_ids == [FIRST_UPDATE]
    assert (await client.call("getUpdates", offset=FIRST_UPDATE + 1)).update_ids == []
    server.say("unwanted")
    wanted = server.push(reaction)
    assert (await client.call("getUpdates")).update_ids == [wanted]
    await client.call("getUpdates", allowed_updates=[])
    said = server.say("wanted again")
    server.push(reaction)
    assert (await client.call("getUpdates")).update_ids == [wanted, said]


@pytest.mark.parametrize(
    "params", [{"limit": 0}, {"limit": 101}, {"timeout": -1}, {"offset": "x"}, {"allowed_updates": "message"}]
)
async def test_wrong_bounds_of_a_poll_are_refused(client: Client, params: Json) -> None:
    assert (await client.call("getUpdates", **params)).status == 400


async def test_a_webhook_excludes_polling(server: TelegramServer, client: Client) -> None:
    poll = await client.start_polling()
    await client.call("setWebhook", url="https://example.com/hook", secret_token="s", allowed_updates=["message"])
    assert (await poll).description == "Conflict: terminated by setWebhook request"
    assert "while webhook is active" in (await client.call("getUpdates")).description
    server.say("hello")
    info = (await client.call("getWebhookInfo")).result
    assert info == {
        "url": "https://example.com/hook",
        "has_custom_certificate": False,
        "pending_update_count": 1,
        "max_connections": 40,
        "allowed_updates": ["message"],
    }
    assert server.webhook["secret_token"] == "s"
    await client.call("deleteWebhook", drop_pending_updates=True)
    assert (await client.call("getUpdates")).update_ids == []


async def test_a_webhook_can_be_emptied_and_drops_what_waits(server: TelegramServer, client: Client) -> None:
    await client.call("setWebhook", url="https://example.com/hook", drop_pending_updates=True)
    await client.call("setWebhook", url="")
    assert server.webhook == {}
    assert (await client.call("getUpdates")).update_ids == []
    assert (await client.call("getWebhookInfo")).result == {
        "url": "",
        "has_custom_certificate": False,
        "pending_update_count": 0,
    }


@pytest.mark.parametrize(
    "params", [{"url": "http://example.com"}, {"secret_token": "a b"}, {"max_connections": 101}, {"url": "https://["}]
)
async def test_a_wrong_webhook_is_refused(server: TelegramServer, client: Client, params: dict[str, object]) -> None:
    assert (await client.call("setWebhook", **{"url": "https://example.com/", **params})).status == 400
    assert server.webhook == {}


# Messages


async def test_a_sent_message_is_shown_and_returned(server: TelegramServer, client: Client) -> None:
    entities = [entity("bold", 0, 6)]
    before = time.monotonic()
    reply = {"message_id": 1, "quote": "ell"}
    answer = await client.send("Quoted", entities=entities, reply_markup=inline(BUTTON), reply_parameters=reply)
    sent = await server.next_sent()
    assert (sent.chat_id, sent.message_id, sent.text, sent.entities) == (PERSON, 3, "Quoted", entities)
    assert sent.markup == inline(BUTTON)
    assert sent.params["reply_parameters"] == json.dumps(reply)
    assert before <= sent.at <= time.monotonic()
    assert server.sent[-1] is sent
    message = answer.result
    assert isinstance(message, dict)
    assert message == server.messages[PERSON, 3]
    assert message["reply_to_message"]["text"] == "hello"
    assert message["from"] == server.me
    assert message["chat"]["id"] == PERSON


async def test_waiting_for_a_message_that_never_comes_says_what_was_refused(
    server: TelegramServer, client: Client
) -> None:
    await client.send("")
    with pytest.raises(TimeoutError, match="message text is empty"):
        await server.next_sent(timeout=0.01)


async def test_a_command_that_is_said_carries_its_entity(server: TelegramServer) -> None:
    server.say(f"{FLAG} /ask@quoth_test_bot who/what")
    assert server.messages[PERSON, 1]["entities"] == [entity("bot_command", 5, 19)]


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"chat_id": 7}, "chat not found"),
        ({"chat_id": "@somebody"}, "chat not found"),
        ({"chat_id": ""}, "chat_id is empty"),
        ({"chat_id": "seven"}, "chat_id must be an integer"),
        ({"text": ""}, "message text is empty"),
        ({"text": " \n\t\u00a0"}, "text must be non-empty"),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "🏳" * 2049}, "message is too long"),
        ({"parse_mode": "Wiki"}, "unsupported parse_mode"),
        ({"parse_mode": "HTML", "entities": [entity("bold", 0, 1)]}, "parse_mode must not be combined with entities"),
        ({"reply_parameters": {"message_id": 99}}, "message to be replied not found"),
        ({"reply_parameters": {"message_id": 1, "chat_id": 7}}, "message to be replied not found"),
        ({"reply_parameters": {"message_id": True}}, "reply message_id must be an integer"),
        ({"reply_parameters": {"message_id": 1, "quote": "HELLO"}}, "QUOTE_TEXT_INVALID"),
        ({"reply_parameters": 1}, "reply_parameters must be an object"),
        ({"link_preview_options": "off"}, "can't parse link_preview_options as JSON"),
        ({"protect_content": "maybe"}, "protect_content must be true or false"),
    ],
)
async def test_a_wrong_message_is_refused(
    server: TelegramServer, client: Client, params: dict[str, object], description: str
) -> None:
    answer = await client.call("sendMessage", **{"chat_id": PERSON, "text": "text", **params})
    assert (answer.status, answer.description) == (400, f"Bad Request: {description}")
    assert len(server.sent) == 1


async def test_the_longest_message_passes(client: Client) -> None:
    assert (await client.send("🏳" * 2048)).status == 200
    assert (await client.send("x", reply_markup={"force_reply": True})).status == 200
    assert (await client.send("x", reply_markup={"remove_keyboard": True})).status == 200
    answer = await client.send("x", reply_parameters={"message_id": 99, "allow_sending_without_reply": True})
    assert answer.status == 200


async def test_halves_of_surrogate_pairs_are_refused_wherever_they_hide(client: Client) -> None:
    button = {"text": LONE_SURROGATE, "url": "https://example.com"}
    for params in (
        {"chat_id": PERSON, "text": LONE_SURROGATE},
        {"chat_id": PERSON, "text": "x", "reply_markup": inline(button)},
        {"chat_id": PERSON, "text": "x", "reply_markup": json.dumps(inline(button))},
    ):
        async with client.http.post(client.url("sendMessage"), json=params) as response:
            answer = Answer(response.status, await response.json())
        assert answer.description == "Bad Request: strings must be encoded in UTF-8"


async def test_a_chat_may_have_blocked_the_bot_or_moved(server: TelegramServer, client: Client) -> None:
    server.blocked.add(PERSON)
    answer = await client.send("hello")
    assert (answer.status, answer.description) == (403, "Forbidden: bot was blocked by the user")
    server.migrated[-5] = -100200
    answer = await client.call("sendMessage", chat_id=-5, text="hello")
    assert answer.description == "Bad Request: group chat was upgraded to a supergroup chat"
    assert answer.body["parameters"] == {"migrate_to_chat_id": -100200}


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<b>a</b> &lt;b&gt; & c &nbsp;", "a <b> & c &nbsp;"),
        ('<blockquote expandable>a <a href="https://example.com">b</a></blockquote>', "a b"),
        ("<b>a", None),
        ("<b><i>a</b></i>", None),
        ("a</b>", None),
        ("<h1>a</h1>", None),
        ("<marquee>a</marquee>", None),
        ("a < b", None),
        ("<b></b>", None),
    ],
)
async def test_html_must_be_well_formed(server: TelegramServer, client: Client, html: str, shown: str | None) -> None:
    answer = await client.send(html, parse_mode="HTML")
    assert (answer.status == 200) == (shown is not None)
    assert server.sent[-1].text == (shown or "Welcome")


# Entities. The text is one flag of four units and "abcdef".


@pytest.mark.parametrize(
    "entities",
    [
        [],
        [entity("blockquote", 0, 10), entity("bold", 4, 2), entity("italic", 4, 2), entity("code", 6, 2)],
        [entity("bold", 4, 2), entity("expandable_blockquote", 4, 2)],
        [entity("text_link", 4, 6, url="https://example.com"), entity("bold", 5, 1)],
        [entity("bold", 4, 4), entity("text_link", 4, 4, url="https://example.com")],
        [entity("blockquote", 0, 4), entity("blockquote", 4, 6)],
        [entity("pre", 4, 6, language="python")],
        [entity("text_mention", 4, 1, user={"id": 1}), entity("custom_emoji", 0, 2, custom_emoji_id="5")],
        [entity("underline", 4, 1)] * 100,
    ],
)
async def test_right_entities_pass(server: TelegramServer, client: Client, entities: list[Json]) -> None:
    answer = await client.send(f"{FLAG}abcdef", entities=entities)
    assert answer.status == 200, answer.body
    assert server.sent[-1].entities == entities


@pytest.mark.parametrize(
    ("entities", "why"),
    [
        ([entity("marquee", 0, 2)], "unsupported entity type"),
        ([{"offset": 0, "length": 1}], "entity type must be a string"),
        ([{"type": "bold", "offset": 0, "length": True}], "entity length must be an integer"),
        ([{"type": "bold", "offset": "0", "length": 2}], "entity offset must be an integer"),
        ([entity("bold", -2, 4)], "not within the text"),
        ([entity("bold", 4, 0)], "not within the text"),
        ([entity("bold", 4, 7)], "not within the text"),
        ([entity("bold", 10, 1)], "not within the text"),
        ([entity("bold", 1, 3)], "cuts a surrogate pair"),
        ([entity("bold", 0, 3)], "cuts a surrogate pair"),
        ([entity("text_link", 4, 1)], "needs url"),
        ([entity("text_link", 4, 1, url="")], "needs url"),
        ([entity("text_mention", 4, 1, user=5)], "needs user"),
        ([entity("custom_emoji", 0, 2)], "needs custom_emoji_id"),
        ([entity("pre", 4, 1, language=5)], "language must be a string"),
        ([entity("bold", 4, 1)] * 101, "more than 100 entities"),
        ([entity("bold", 4, 3), entity("italic", 5, 3)], "cross each other"),
        ([entity("italic", 5, 3), entity("blockquote", 4, 3)], "cross each other"),
        ([entity("blockquote", 4, 6), entity("blockquote", 5, 1)], "blockquotes can't be nested"),
        ([entity("blockquote", 4, 6), entity("expandable_blockquote", 4, 6)], "blockquotes can't be nested"),
        ([entity("code", 4, 6), entity("bold", 5, 1)], "bold can't stand in code"),
        ([entity("bold", 4, 6), entity("code", 4, 6)], "code can't stand in bold"),
        ([entity("text_link", 4, 6, url="https://example.com"), entity("code", 5, 1)], "code can't stand in text_link"),
        ([entity("code", 4, 6), entity("blockquote", 5, 1)], "blockquote can't stand in code"),
        ({"type": "bold"}, "entities must be an array"),
        (["bold"], "entities must be an object"),
        ("[", "can't parse entities"),
    ],
)
async def test_wrong_entities_are_refused(client: Client, entities: object, why: str) -> None:
    answer = await client.send(f"{FLAG}abcdef", entities=entities)
    assert answer.status == 400
    assert why in answer.description


async def test_every_entity_scope_and_action_of_the_library_is_known() -> None:
    assert {str(kind.value) for kind in MessageEntityType} == telegram_limits.ENTITY_KINDS
    assert {str(kind.value) for kind in BotCommandScopeType} == set(telegram_limits.SCOPE_NEEDS)
    assert {str(action.value) for action in ChatAction} == telegram_limits.CHAT_ACTIONS


# Buttons


@pytest.mark.parametrize(
    "button",
    [
        {"text": "b", "callback_data": "x" * 64},
        {"text": "b", "url": "tg://user?id=1", "style": "primary"},
        {"text": "b", "url": "http://example.com/a#b"},
        {"text": "b", "switch_inline_query": ""},
        {"text": "b", "switch_inline_query_current_chat": "kyzym"},
        {"text": "b", "switch_inline_query_chosen_chat": {"allow_user_chats": True}},
        {"text": "b", "copy_text": {"text": "x" * 256}},
        {"text": "b", "web_app": {"url": "https://example.com"}},
        {"text": "b", "login_url": {"url": "https://example.com"}},
        {"text": "b", "pay": True},
    ],
)
async def test_every_right_button_passes(server: TelegramServer, client: Client, button: Json) -> None:
    answer = await client.send("x", reply_markup=inline(button))
    assert answer.status == 200, answer.body
    assert server.sent[-1].markup == inline(button)


@pytest.mark.parametrize(
    ("markup", "why"),
    [
        (inline({"text": "b"}), "exactly one thing"),
        (inline({"text": "b", "callback_data": "1", "url": "https://example.com"}), "exactly one thing"),
        (inline({"text": " ", "callback_data": "1"}), "text must be non-empty"),
        (inline({"callback_data": "1"}), "button text must be a string"),
        (inline({"text": "b", "callback_data": ""}), "BUTTON_DATA_INVALID"),
        (inline({"text": "b", "callback_data": "є" * 33}), "BUTTON_DATA_INVALID"),
        (inline({"text": "b", "callback_data": 5}), "BUTTON_DATA_INVALID"),
        (inline({"text": "b", "url": "javascript:alert(1)"}), "BUTTON_URL_INVALID"),
        (inline({"text": "b", "url": "example.com"}), "BUTTON_URL_INVALID"),
        (inline({"text": "b", "url": "https://exam ple.com"}), "BUTTON_URL_INVALID"),
        (inline({"text": "b", "url": "https://["}), "BUTTON_URL_INVALID"),
        (inline({"text": "b", "copy_text": {"text": "x" * 257}}), "BUTTON_COPY_TEXT_INVALID"),
        (inline({"text": "b", "copy_text": {"text": ""}}), "BUTTON_COPY_TEXT_INVALID"),
        (inline({"text": "b", "web_app": {"url": "http://example.com"}}), "BUTTON_WEB_APP_INVALID"),
        (inline({"text": "b", "pay": False}), "BUTTON_PAY_INVALID"),
        (inline("b"), "button must be an object"),
        (inline(*[BUTTON] * 101), "reply markup is too long"),
        ({"inline_keyboard": [BUTTON]}, "inline_keyboard must be an array"),
        ({"inline_keyboard": None}, "inline_keyboard must be an array"),
        ({"force_reply": 1}, "inline keyboard expected"),
        ({}, "inline keyboard expected"),
        ([], "reply_markup must be an object"),
    ],
)
async def test_wrong_buttons_are_refused(client: Client, markup: object, why: str) -> None:
    answer = await client.send("x", reply_markup=markup)
    assert answer.status == 400
    assert why in answer.description


async def test_a_callback_is_answered_once(server: TelegramServer, client: Client) -> None:
    message = {"message_id": 2, "date": 0, "chat": {"id": PERSON, "type": "private"}}
    server.push({"callback_query": {"id": "77", "data": "1", "from": {"id": PERSON}, "message": message}})
    server.push({"callback_query": {"id": "78", "data": "1", "from": {"id": PERSON}, "inline_message_id": "i"}})
    assert server.open_queries == {"77", "78"}
    assert server.messages[PERSON, 2]["text"] == "Welcome"
    assert (await client.call("answerCallbackQuery", callback_query_id="77", text="x" * 201)).status == 400
    assert (await client.call("answerCallbackQuery", callback_query_id="77", text="x" * 200)).result is True
    again = await client.call("answerCallbackQuery", callback_query_id="77")
    assert again.description.startswith("Bad Request: query is too old")
    assert server.open_queries == {"78"}


# Edits


async def test_an_edit_changes_the_message_and_takes_its_buttons(server: TelegramServer, client: Client) -> None:
    await client.send("one", reply_markup=inline(BUTTON))
    edited = (await client.call("editMessageText", chat_id=PERSON, message_id=3, text="two")).result
    assert isinstance(edited, dict)
    assert (edited["text"], "reply_markup" in edited, "edit_date" in edited) == ("two", False, True)
    await client.call("editMessageReplyMarkup", chat_id=PERSON, message_id=3, reply_markup=inline(BUTTON))
    assert server.messages[PERSON, 3]["reply_markup"] == inline(BUTTON)
    assert server.messages[PERSON, 3]["text"] == "two"
    assert server.sent[-1].text == "one"
    assert server.refusals == []


async def test_an_edit_that_changes_nothing_is_refused(client: Client) -> None:
    said = {"chat_id": PERSON, "text": "one", "entities": [entity("bold", 0, 1)], "reply_markup": inline(BUTTON)}
    await client.call("sendMessage", **said)
    same = await client.call("editMessageText", message_id=3, **said)
    assert same.description.startswith("Bad Request: message is not modified: ")
    same = await client.call("editMessageReplyMarkup", chat_id=PERSON, message_id=3, reply_markup=inline(BUTTON))
    assert same.description.startswith("Bad Request: message is not modified: ")
    assert (await client.call("editMessageText", **{**said, "message_id": 3, "entities": []})).status == 200


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"message_id": 9}, "message to edit not found"),
        ({"message_id": 1}, "message can't be edited"),
        ({"text": " "}, "text must be non-empty"),
        ({"inline_message_id": "i"}, "MESSAGE_ID_INVALID"),
        ({"reply_markup": {"force_reply": True}}, "inline keyboard expected"),
    ],
)
async def test_a_wrong_edit_is_refused(client: Client, params: dict[str, object], description: str) -> None:
    answer = await client.call("editMessageText", **{"chat_id": PERSON, "message_id": 2, "text": "new", **params})
    assert answer.description == f"Bad Request: {description}"


async def test_a_message_is_deleted_once(server: TelegramServer, client: Client) -> None:
    assert (await client.call("deleteMessage", chat_id=PERSON, message_id=2)).result is True
    again = await client.call("deleteMessage", chat_id=PERSON, message_id=2)
    assert again.description == "Bad Request: message to delete not found"
    await client.send("next")
    assert server.sent[-1].message_id == 3


# Chats, menus, descriptions


async def test_a_pushed_group_becomes_known(server: TelegramServer, client: Client) -> None:
    server.push({"message": GROUP_MESSAGE})
    reply = {"message_id": 40}
    assert (await client.call("sendMessage", chat_id=-100200, text="hi", reply_parameters=reply)).status == 200
    assert server.sent[-1].message_id == 41
    server.push({"edited_message": {**GROUP_MESSAGE, "text": "hello again"}})
    assert server.messages[-100200, 40]["text"] == "hello again"
    server.push({"my_chat_member": {"chat": {"id": -9, "type": "group", "title": "New"}}})
    chat = (await client.call("getChat", chat_id=-9)).result
    assert isinstance(chat, dict)
    assert (chat["title"], chat["max_reaction_count"]) == ("New", 11)
    assert (await client.call("sendChatAction", chat_id=-9, action="typing")).result is True
    assert (await client.call("sendChatAction", chat_id=-9, action="sleeping")).status == 400


async def test_menus_are_kept_per_scope_and_language(server: TelegramServer, client: Client) -> None:
    menu = [{"command": "start", "description": "Begin"}]
    member = {"type": "chat_member", "chat_id": -9, "user_id": 7}
    await client.call("setMyCommands", commands=menu, language_code="uk", scope=member)
    assert server.commands == {("chat_member -9 7", "uk"): menu}
    assert (await client.call("getMyCommands", language_code="uk", scope=member)).result == menu
    assert (await client.call("getMyCommands")).result == []
    await client.call("deleteMyCommands", language_code="uk", scope=member)
    await client.call("deleteMyCommands")
    assert server.commands == {}


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"commands": [{"command": "Start", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "s" * 33, "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "start", "description": ""}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"commands": [{"command": "start", "description": "x" * 257}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"commands": [{"command": "start", "description": "x"}] * 101}, "BOT_COMMANDS_TOO_MUCH"),
        ({"scope": {"type": "everybody"}}, "unsupported BotCommandScope type"),
        ({"scope": {"type": "chat"}}, "scope chat_id must be an integer"),
        ({"language_code": "ukr"}, "invalid language code specified"),
    ],
)
async def test_a_wrong_menu_is_refused(client: Client, params: dict[str, object], description: str) -> None:
    assert (await client.call("setMyCommands", **params)).description == f"Bad Request: {description}"


async def test_descriptions_are_kept_per_language(server: TelegramServer, client: Client) -> None:
    await client.call("setMyDescription", description="x" * 512)
    await client.call("setMyShortDescription", short_description="y" * 120, language_code="be")
    assert (server.descriptions, server.short_descriptions) == ({"": "x" * 512}, {"be": "y" * 120})
    assert (await client.call("setMyDescription", description="x" * 513)).status == 400
    assert (await client.call("setMyShortDescription", short_description="y" * 121)).status == 400


# Faults


@pytest.mark.parametrize(
    ("fault", "status", "description"),
    [
        (Fault.too_many_requests(3), 429, "Too Many Requests: retry after 3"),
        (Fault.server_error(), 500, "Internal Server Error"),
        (Fault.unauthorized(), 401, "Unauthorized"),
        (Fault.conflict(), 409, telegram_server.CONFLICT),
        (Fault.bad_request("Bad Request: can't parse entities"), 400, "Bad Request: can't parse entities"),
    ],
)
async def test_a_fault_answers_instead_of_the_call(
    server: TelegramServer, client: Client, fault: Fault, status: int, description: str
) -> None:
    server.fail_next("sendMessage", fault, times=2)
    for _ in range(2):
        answer = await client.send("x")
        assert (answer.status, answer.description) == (status, description)
        assert answer.body.get("parameters") == ({"retry_after": 3} if status == 429 else None)
    assert (await client.send("x")).status == 200
    assert len(server.sent) == 2
    assert len(server.calls) == 4
    assert server.refusals == []


async def test_a_bad_gateway_speaks_html(server: TelegramServer, client: Client) -> None:
    server.fail_next("getMe", Fault.bad_gateway())
    async with client.http.get(client.url("getMe")) as response:
        assert (response.status, response.content_type) == (502, "text/html")
        assert "nginx" in await response.text()


@pytest.mark.parametrize(
    ("fault", "error", "sent"),
    [
        (Fault.cut(), aiohttp.ServerDisconnectedError, []),
        (Fault.lost_reply(), aiohttp.ServerDisconnectedError, ["x"]),
        (Fault.cut_halfway(), aiohttp.ClientPayloadError, ["x"]),
    ],
)
async def test_a_connection_is_cut(
    server: TelegramServer, client: Client, fault: Fault, error: type[Exception], sent: list[str]
) -> None:
    server.fail_next("sendMessage", fault)
    with pytest.raises(error):
        await client.send("x")
    assert [message.text for message in server.sent] == ["Welcome", *sent]
    assert (await client.send("y")).status == 200
    assert server.refusals == []


async def test_a_slow_call_takes_effect_before_its_answer(server: TelegramServer, client: Client) -> None:
    server.fail_next("sendMessage", Fault.slow(0.2))
    started = time.monotonic()
    sending = asyncio.create_task(client.send("x"))
    assert (await server.next_sent()).text == "x"
    assert not sending.done()
    assert (await sending).status == 200
    assert time.monotonic() - started >= 0.2


async def test_faults_come_one_after_another(server: TelegramServer, client: Client) -> None:
    server.fail_next("getMe", Fault.server_error())
    server.fail_next("getMe", Fault.too_many_requests(1))
    assert [(await client.call("getMe")).status for _ in range(3)] == [500, 429, 200]


async def test_a_fault_for_a_method_that_does_not_exist_is_a_mistake_of_the_test(server: TelegramServer) -> None:
    with pytest.raises(ValueError, match="sendMassage"):
        server.fail_next("sendMassage", Fault.cut())


# A real bot


async def test_a_real_bot_polls_and_replies(server: TelegramServer) -> None:
    async def greet(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        await update.message.reply_html("<b>Welcome</b>", do_quote=True)

    async def echo(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        sent = await update.message.reply_text(
            f"You said: {update.message.text}", entities=[MessageEntity("bold", 0, 3)]
        )
        await sent.edit_text("Edited")

    bot = Application.builder().token(server.token).base_url(f"{server.url}/bot").build()
    bot.add_handler(CommandHandler("start", greet))
    bot.add_handler(MessageHandler(filters.TEXT, echo))
    async with bot:
        await bot.start()
        assert bot.updater is not None
        await bot.updater.start_polling(allowed_updates=[Update.MESSAGE])
        update_id = server.say("/start", language="uk")
        sent = await server.next_sent()
        assert (sent.text, sent.at >= server.fetched_at[update_id]) == ("Welcome", True)
        server.say(FLAG)
        assert (await server.next_sent()).text == f"You said: {FLAG}"
        await bot.updater.stop()
        await bot.stop()
    assert server.messages[PERSON, 4]["text"] == "Edited"
    assert server.acknowledged == update_id + 1
    assert server.refusals == []
