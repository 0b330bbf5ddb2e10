"""The objects of the Bot API that people's doings consist of: persons, members, media, what a text holds."""

import re

from tests.telegram_formatting import utf16_length
from tests.telegram_limits import Json

ANONYMOUS_ADMIN: Json = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
CHANNEL_BOT: Json = {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"}
SERVICE: Json = {"id": 777000, "is_bot": False, "first_name": "Telegram"}  #: forwards channel posts into discussions
COMMAND = re.compile(r"(?<!\S)/[A-Za-z0-9_]{1,32}(?:@\w+)?")
MENTION = re.compile(r"(?<![\w/])@[A-Za-z]\w{3,31}")
URL = re.compile(r"https?://[^\s<>]+")
FOUND = {"bot_command": COMMAND, "mention": MENTION, "url": URL}  #: the entities that Telegram sees in a text itself

_FILE: Json = {"file_id": "AgACAgIAAx0", "file_unique_id": "AQADxxk", "file_size": 48_000}
_PIXELS: Json = {"width": 320, "height": 240}
MEDIA: dict[str, object] = {
    "photo": [{**_FILE, **_PIXELS}],
    "voice": {**_FILE, "duration": 3, "mime_type": "audio/ogg"},
    "sticker": {**_FILE, **_PIXELS, "type": "regular", "is_animated": False, "is_video": False, "emoji": "👍"},
    "document": {**_FILE, "file_name": "report.pdf", "mime_type": "application/pdf"},
    "video": {**_FILE, **_PIXELS, "duration": 3},
    "audio": {**_FILE, "duration": 3},
    "location": {"latitude": 50.45, "longitude": 30.52},
    "contact": {"phone_number": "+380441234567", "first_name": "Olena"},
    "dice": {"emoji": "🎲", "value": 6},
}
ADMIN_RIGHTS = (
    *("can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats"),
    *("can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users"),
    *("can_post_stories", "can_edit_stories", "can_delete_stories"),
)
PERMISSIONS = (
    *("can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos", "can_send_videos"),
    *("can_send_video_notes", "can_send_voice_notes", "can_send_polls", "can_send_other_messages"),
    *("can_add_web_page_previews", "can_react_to_messages", "can_edit_tag"),
    *("can_change_info", "can_invite_users", "can_pin_messages", "can_manage_topics"),
)
MEMBER_FIELDS: dict[str, Json] = {
    "creator": {"is_anonymous": False},
    "administrator": {**dict.fromkeys(ADMIN_RIGHTS, False), "can_manage_chat": True},
    "member": {},
    "restricted": {**dict.fromkeys(PERMISSIONS, False), "is_member": True, "until_date": 0},
    "left": {},
    "kicked": {"until_date": 0},
}


def person(user: int, language: str = "en") -> Json:
    """Somebody at Telegram."""
    return {"id": user, "is_bot": False, "first_name": f"Person {user}", "language_code": language}


def private_chat(user: int) -> Json:
    """The chat of somebody with the bot."""
    return {"id": user, "type": "private", "first_name": f"Person {user}"}


def chat_member(user: Json, status: str, rights: Json) -> Json:
    """Somebody's standing in a chat; rights are false unless they are given."""
    return {"user": user, "status": status, **MEMBER_FIELDS[status], **rights}


def content(text: str, media: str) -> Json:
    """What a message holds: a text, or a medium with a caption."""
    if not media:
        said, entities = "text", "entities"
    else:
        said, entities = "caption", "caption_entities"
    fields: Json = {said: text} if text else {}
    if found := found_entities(text):
        fields[entities] = found
    return fields | ({media: MEDIA[media]} if media else {})


def found_entities(text: str) -> list[Json]:
    """The entities that Telegram sees in a text by itself, in order."""
    found = [(match, kind) for kind, pattern in FOUND.items() for match in pattern.finditer(text)]
    return [_entity(kind, match) for match, kind in sorted(found, key=lambda each: each[0].start())]


def _entity(kind: str, match: re.Match[str]) -> Json:
    offset = utf16_length(match.string[: match.start()])
    return {"type": kind, "offset": offset, "length": utf16_length(match[0])}
