"""Chats and who is in them, reactions and what may be deleted, at the tests' Telegram."""

import time

import pytest
from telegram import ChatMember
from telegram.constants import ReactionEmoji

from tests.telegram_client import PERSON, Client, latest
from tests.telegram_limits import Json
from tests.telegram_server import TelegramServer

pytestmark = pytest.mark.asyncio

GROUP: Json = {"id": -100200, "type": "supergroup", "title": "Archive"}
GROUP_MESSAGE: Json = {"message_id": 40, "date": 0, "chat": GROUP, "text": "hello"}


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


# Members


async def test_the_library_reads_every_standing(server: TelegramServer, client: Client) -> None:
    group = server.group()
    for status in ("creator", "administrator", "member", "restricted", "left", "kicked"):
        server.stand(group, status, user=7)
        member = (await client.call("getChatMember", chat_id=group, user_id=7)).result
        assert isinstance(member, dict)
        assert ChatMember.de_json(member, None).status == status


async def test_whoever_has_written_is_a_member(server: TelegramServer, client: Client) -> None:
    group = server.group()
    server.say("hello", user=7, chat=group)
    server.say("hello", chat=group, as_chat=group)
    server.stand(group, "creator", user=8)
    server.stand(group, "left", user=9)
    assert (await client.call("getChatMemberCount", chat_id=group)).result == 3
    for user, status in ((7, "member"), (8, "creator"), (123456, "member")):
        member = (await client.call("getChatMember", chat_id=group, user_id=user)).result
        assert isinstance(member, dict)
        assert (member["status"], member["user"]["id"]) == (status, user)
    stranger = await client.call("getChatMember", chat_id=group, user_id=10)
    assert stranger.description == "Bad Request: PARTICIPANT_ID_INVALID"


async def test_administrators_are_listed(server: TelegramServer, client: Client) -> None:
    group = server.group()
    server.stand(group, "creator", user=8)
    server.stand(group, "administrator", can_delete_messages=True)
    listed = (await client.call("getChatAdministrators", chat_id=group)).result
    assert isinstance(listed, list)
    assert {member["user"]["id"]: member["status"] for member in listed} == {8: "creator", 123456: "administrator"}
    refused = await client.call("getChatAdministrators", chat_id=PERSON)
    assert refused.description == "Bad Request: there are no administrators in the private chat"


async def test_a_group_can_be_left_once(server: TelegramServer, client: Client) -> None:
    group = server.group()
    assert (await client.call("leaveChat", chat_id=group)).result is True
    change = latest(server).my_chat_member
    assert change is not None
    assert (change.old_chat_member.status, change.new_chat_member.status) == ("member", "left")
    assert (await client.call("leaveChat", chat_id=group)).status == 403
    private = await client.call("leaveChat", chat_id=PERSON)
    assert private.description == "Bad Request: chat member status can't be changed in private chats"


# Reactions


async def test_every_reaction_of_the_library_can_be_set_and_taken_back(server: TelegramServer, client: Client) -> None:
    assert len(ReactionEmoji) == 73
    for emoji in ("👀", "👍"):
        reaction = [{"type": "emoji", "emoji": emoji}]
        params = {"chat_id": PERSON, "message_id": 1, "reaction": reaction}
        assert (await client.call("setMessageReaction", **params)).result is True
        assert server.reactions == {(PERSON, 1): reaction}
    await client.call("setMessageReaction", chat_id=PERSON, message_id=1)
    assert server.reactions == {(PERSON, 1): []}


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"reaction": [{"type": "emoji", "emoji": "🔎"}]}, "REACTION_INVALID"),
        ({"reaction": [{"type": "paid"}]}, "REACTION_INVALID"),
        ({"reaction": [{"type": "emoji", "emoji": "👍"}] * 2}, "REACTIONS_TOO_MANY"),
        ({"message_id": 99}, "message to react not found"),
        ({"is_big": "very"}, "is_big must be true or false"),
    ],
)
async def test_a_wrong_reaction_is_refused(client: Client, params: Json, description: str) -> None:
    answer = await client.call("setMessageReaction", **{"chat_id": PERSON, "message_id": 1, **params})
    assert answer.description == f"Bad Request: {description}"


# Deletion


async def test_in_private_the_bot_deletes_what_it_likes(server: TelegramServer, client: Client) -> None:
    for message_id in (1, 2):
        assert (await client.call("deleteMessage", chat_id=PERSON, message_id=message_id)).result is True
    assert server.messages == {}


async def test_in_a_group_only_an_administrator_deletes_what_others_wrote(
    server: TelegramServer, client: Client
) -> None:
    group = server.group()
    theirs = {"chat_id": group, "message_id": server.say("hello", chat=group).key[1]}
    await client.call("sendMessage", chat_id=group, text="text")
    assert (await client.call("deleteMessage", chat_id=group, message_id=server.sent[-1].message_id)).status == 200
    assert (await client.call("deleteMessage", **theirs)).description == "Bad Request: message can't be deleted"
    server.stand(group, "administrator", can_delete_messages=True)
    assert (await client.call("deleteMessage", **theirs)).result is True


async def test_after_two_days_a_message_stays(server: TelegramServer, client: Client) -> None:
    server.messages[PERSON, 2]["date"] = int(time.time()) - 49 * 3600
    answer = await client.call("deleteMessage", chat_id=PERSON, message_id=2)
    assert answer.description == "Bad Request: message can't be deleted for everyone"


async def test_many_messages_are_deleted_at_once(server: TelegramServer, client: Client) -> None:
    assert (await client.call("deleteMessages", chat_id=PERSON, message_ids=[1, 2, 3])).result is True
    assert server.messages == {}
    assert (await client.call("deleteMessages", chat_id=PERSON)).status == 400
    assert (await client.call("deleteMessages", chat_id=PERSON, message_ids=list(range(101)))).status == 400
