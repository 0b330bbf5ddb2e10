"""Calls over real connections: what comes back, and what is said when nothing does."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import certifi
import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer
from telegram.error import NetworkError, TimedOut
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot.calls import AiohttpRequest, _trust

SAID = "Кизим & co. = 100 %\n🇺🇦"


async def slow(_: web.Request) -> web.Response:
    await asyncio.sleep(1)
    return web.Response(text="late")


async def cut(request: web.Request) -> web.Response:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def halfway(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b'{"ok": ')
    assert request.transport is not None
    request.transport.abort()
    return response


async def moved(_: web.Request) -> web.Response:
    raise web.HTTPTemporaryRedirect("/repeated")


async def repeated(request: web.Request) -> web.Response:
    """What it was told, whichever method and address told it."""
    given = await request.json() if request.can_read_body else None
    passwords = [name for name in request.headers if name.endswith("Authorization")]
    if given is None:
        assert request.content_type != "application/json"  # there is none to be read
    told = {"method": request.method, "to": str(request.url), "given": given, "passwords": passwords}
    return web.json_response(told, status=418)


@pytest_asyncio.fixture
async def address() -> AsyncIterator[str]:
    site = web.Application()
    for handler in (slow, cut, halfway, moved):
        site.router.add_post(f"/{handler.__name__}", handler)
    site.router.add_route("*", "/{anything:.*}", repeated)
    async with TestServer(site, port=0) as server:
        yield str(server.make_url("/")).rstrip("/")


@pytest_asyncio.fixture
async def calls() -> AsyncIterator[AiohttpRequest]:
    async with AiohttpRequest(2, patience=0.2) as request:
        yield request


async def test_a_call_brings_its_parameters_and_returns_status_and_body(address: str, calls: AiohttpRequest) -> None:
    given = {"text": SAID, "chat_id": 5, "entities": [{"type": "bold", "offset": 0, "length": 2}], "is_silent": True}
    data = RequestData([RequestParameter.from_input(name, value) for name, value in given.items()])
    status, body = await calls.do_request(f"{address}/bot1:A-_/sendMessage", "POST", data)
    assert status == 418
    told = AiohttpRequest.parse_json_payload(body)
    assert told == {"method": "POST", "to": f"{address}/bot1:A-_/sendMessage", "given": given, "passwords": []}


async def test_a_redirect_is_not_followed_for_it_would_carry_the_token_away(
    address: str, calls: AiohttpRequest
) -> None:
    status, _ = await calls.do_request(f"{address}/moved", "POST")
    assert status == 307


async def test_a_late_reply_is_given_up(address: str, calls: AiohttpRequest) -> None:
    with pytest.raises(TimedOut):
        await calls.do_request(f"{address}/slow", "POST")
    async with AiohttpRequest(1, patience=20) as patient:
        assert await patient.do_request(f"{address}/slow", "POST") == (200, b"late")


@pytest.mark.parametrize("how", ["cut", "halfway"])
async def test_a_cut_is_a_fault_of_the_network(address: str, calls: AiohttpRequest, how: str) -> None:
    with pytest.raises(NetworkError, match="Error"):
        await calls.do_request(f"{address}/{how}", "POST")


async def test_nobody_listens(calls: AiohttpRequest) -> None:
    with pytest.raises(NetworkError, match="ClientConnectorError: Cannot connect"):
        await calls.do_request("http://127.0.0.1:1/", "POST")


async def test_closed_twice_it_calls_no_more_and_can_be_opened_again(address: str, calls: AiohttpRequest) -> None:
    await calls.shutdown()
    await calls.shutdown()
    with pytest.raises(NetworkError, match="closed"):
        await calls.do_request(address, "POST")
    await calls.initialize()
    assert (await calls.do_request(address, "POST"))[0] == 418


@pytest.mark.parametrize("name", ["http_proxy", "all_proxy"])
@pytest.mark.parametrize("spelling", ["http://{}", "{}", "http://user:word@{}"])
async def test_calls_take_the_proxy_of_the_environment(
    address: str, name: str, spelling: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, spelling.format(address.removeprefix("http://")))
    async with AiohttpRequest(1, patience=2) as request:
        _, body = await request.do_request("http://telegram.invalid/getMe", "POST")
    told = AiohttpRequest.parse_json_payload(body)
    assert told["to"] == "http://telegram.invalid/getMe"
    assert told["passwords"] == (["Proxy-Authorization"] if "user" in spelling else [])


async def test_a_server_that_is_to_be_reached_without_the_proxy_is(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    async with AiohttpRequest(1, patience=2) as request:
        assert (await request.do_request(address, "POST"))[0] == 418


async def test_nobody_is_told_the_passwords_of_the_operator(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("default login operator password word\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("http_proxy", address)
    async with AiohttpRequest(1, patience=2) as request:
        _, body = await request.do_request("http://telegram.invalid/getMe", "POST")
    assert AiohttpRequest.parse_json_payload(body)["passwords"] == []


@pytest.mark.parametrize("system", ["/nonexistent", certifi.where()])
def test_there_are_authorities_to_trust_on_a_system_without_any(system: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", system)
    monkeypatch.setenv("SSL_CERT_DIR", "/nonexistent")
    assert _trust().cert_store_stats()["x509_ca"] > 50
