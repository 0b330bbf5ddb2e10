"""The tests' own Telegram: the requests it takes and the faults it is asked for."""

import asyncio
import io
import json
import time

import aiohttp
import pytest

from tests import telegram_methods
from tests.telegram_client import BUTTON, FLAG, PERSON, Answer, Client, inline
from tests.telegram_faults import CONFLICT
from tests.telegram_server import Fault, TelegramServer

pytestmark = pytest.mark.asyncio


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
    async def break_down(_telegram: TelegramServer, _params: object) -> object:
        raise KeyError("mistake")

    monkeypatch.setitem(telegram_methods.METHODS, "getMe", break_down)
    with pytest.raises(RuntimeError, match="failed by itself") as raised:
        async with TelegramServer() as server, aiohttp.ClientSession() as http:
            assert (await Client(server, http).call("getMe")).status == 500
    assert isinstance(raised.value.__cause__, KeyError)


# Faults


@pytest.mark.parametrize(
    ("fault", "status", "description"),
    [
        (Fault.too_many_requests(3), 429, "Too Many Requests: retry after 3"),
        (Fault.server_error(), 500, "Internal Server Error"),
        (Fault.unauthorized(), 401, "Unauthorized"),
        (Fault.conflict(), 409, CONFLICT),
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
