"""Groups and channels: who is in them, what happens to them, and what of their talk a bot is told."""

import time
from collections.abc import Mapping

from tests.telegram_limits import Json, as_list, as_object
from tests.telegram_shapes import chat_member, person
from tests.telegram_state import Telegram, Topic, id_of

GROUP_KINDS = {"group", "supergroup"}
SERVICE_FIELDS = {
    *("new_chat_members", "left_chat_member", "migrate_to_chat_id", "migrate_from_chat_id"),
    *("forum_topic_created", "forum_topic_closed", "forum_topic_reopened", "pinned_message", "new_chat_title"),
}


class Groups(Telegram):
    """Chats of more than two, as those who run them see them."""

    def group(
        self,
        chat: int = -1_001_000_000_200,
        title: str = "Archive",
        *,
        kind: str = "supergroup",
        topics: Mapping[int, str] | None = None,
        discusses: int = 0,
    ) -> int:
        """The id of a chat that the bot is in: a member of a group, an administrator of a channel.

        Args:
            chat: its id.
            title: its title.
            kind: "group", "supergroup" or "channel".
            topics: of a forum, by message thread id.
            discusses: the channel whose posts are forwarded here to be discussed.
        """
        known: Json = {"id": chat, "type": kind, "title": title}
        self.chats[chat] = known | ({"is_forum": True} if topics else {})
        for thread, name in (topics or {}).items():
            self.topics[chat][thread] = Topic(name)
            created = {"name": name, "icon_color": 7322096}
            service = {"from": person(1), "forum_topic_created": created, "is_topic_message": True}
            self.learn({**service, **self.next_message(self.chats[chat], thread), "message_thread_id": thread})
        if discusses:
            self.discussions[discusses] = chat
        self.stand(chat, "administrator" if kind == "channel" else "member")
        return chat

    def stand(self, chat: int, status: str, user: int | None = None, **rights: int) -> Json:
        """The standing that the bot, or somebody, has in a chat from now on. Nobody is told."""
        who = self.me if user is None else person(user)
        self.members[chat, id_of(who)] = member = chat_member(who, status, {**rights})
        return member

    def change_standing(self, chat: int, status: str, by: int = 1001, **rights: int) -> int:
        """The id of an update: the bot is let in, promoted, restricted, thrown out; by a person, blocked ("kicked")."""
        old = self.members.get((chat, id_of(self.me))) or chat_member(self.me, "left", {})
        new = self.stand(chat, status, **rights)
        about: Json = {"chat": self.chats[chat], "from": person(by), "date": int(time.time())}
        return self.updates.put({"my_chat_member": {**about, "old_chat_member": old, "new_chat_member": new}})

    def close_topic(self, chat: int, thread: int, *, is_closed: bool = True) -> None:
        """Closes a topic, or opens it again. Nobody is told."""
        self.topics[chat][thread].is_closed = is_closed

    def migrate(self, chat: int, supergroup: int) -> int:
        """The id of the last of two updates: a group becomes a supergroup, and its old id answers no more."""
        old = self.chats[chat]
        self.group(supergroup, str(old["title"]))
        self.migrated[chat] = supergroup
        leaving = {**self.next_message(old), "from": person(1), "migrate_to_chat_id": supergroup}
        arriving = self.next_message(self.chats[supergroup]) | {"sender_chat": self.chats[supergroup]}
        self.learn(leaving)
        self.updates.put({"message": leaving})
        self.learn(arriving | {"migrate_from_chat_id": chat})
        return self.updates.put({"message": arriving | {"migrate_from_chat_id": chat}})

    def next_message(self, chat: Json, message_id: int = 0) -> Json:
        """The beginning of a new message in a chat."""
        return {"message_id": message_id or self.last_message[id_of(chat)] + 1, "date": int(time.time()), "chat": chat}

    def forwarded(self, post: Json) -> Json | None:
        """What a channel's post becomes in the group where it is discussed, if there is one."""
        channel = as_object(post["chat"], "chat")
        if (group := self.discussions.get(id_of(channel))) is None:
            return None
        origin = {"type": "channel", "chat": channel, "message_id": post["message_id"], "date": post["date"]}
        forward: Json = {"sender_chat": channel, "forward_origin": origin, "is_automatic_forward": True}
        return {**post, **self.next_message(self.chats[group]), **forward}

    def is_heard(self, message: Json) -> bool:
        """Whether the bot is told of a message.

        Source: https://core.telegram.org/bots/features#privacy-mode. That a mention alone is not heard was found by
        the users of many bots; BotFather says otherwise.
        """
        chat = as_object(message["chat"], "chat")
        status = self.rights(chat)["status"]
        if status in {"left", "kicked"}:
            return False
        if chat["type"] not in GROUP_KINDS or SERVICE_FIELDS & message.keys():
            return True
        if status == "administrator" or self.abilities["can_read_all_group_messages"]:
            return True
        return self._is_meant(message, chat)

    def _is_meant(self, message: Json, chat: Json) -> bool:
        """Whether a message of a group is for the bot: sent with its help, in reply to it, or a command of its."""
        if as_object(message.get("via_bot", {}), "via_bot").get("id") == id_of(self.me):
            return True
        replied = as_object(message.get("reply_to_message", {}), "reply_to_message")
        if replied.get("from") == self.me:
            return True
        text = str(message.get("text", message.get("caption", "")))
        entities = as_list(message.get("entities", message.get("caption_entities", [])), "entities")
        if not any(as_object(each, "entity")["type"] == "bot_command" for each in entities) or text[:1] != "/":
            return False
        _, is_addressed, addressee = text.split(maxsplit=1)[0].partition("@")
        if is_addressed:
            return addressee.lower() == str(self.me["username"]).lower()
        return id_of(chat) not in self.other_bot_spoke
