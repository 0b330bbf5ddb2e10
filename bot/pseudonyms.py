"""Keyed hashes in place of Telegram's ids: the log can tell people apart, not name them."""

from __future__ import annotations

import hashlib
import os
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_KEY_BYTES = 32
_DIGEST_BYTES = 16


class Pseudonyms:
    """The hashes under one key."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def person(self, user_id: int) -> str:
        """The hash of a user's id."""
        return self._hash(f"person {user_id}")

    def chat(self, chat_id: int) -> str:
        """The hash of a chat's id; a private chat's is not its user's."""
        return self._hash(f"chat {chat_id}")

    def _hash(self, name: str) -> str:
        return hashlib.blake2b(name.encode(), key=self._key, digest_size=_DIGEST_BYTES).hexdigest()


def key_path(database: Path) -> Path:
    """Where the key of a database lies: beside it."""
    return database.with_name(f"{database.name}.key")


def read_key(database: Path) -> bytes:
    """The key of a database, made at the first call with mode 600.

    Raises:
        OSError: it can be neither read nor made, or is not a key.
    """
    path = key_path(database)
    if not path.exists():
        _make_key(path)
    key = path.read_bytes()
    if len(key) != _KEY_BYTES:
        raise OSError(f"{path.name} is not a key of {_KEY_BYTES} bytes; restore it from a backup, or remove it")
    return key


def passing_key() -> bytes:
    """A key that is kept nowhere."""
    return secrets.token_bytes(_KEY_BYTES)


def _make_key(path: Path) -> None:
    """Writes a new key whole or not at all; another process may have been faster."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(passing_key())
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
