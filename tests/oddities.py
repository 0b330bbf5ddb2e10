"""Documents, sources and questions that hold whatever a text can hold, and how a message of them arrives."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import strategies as st

from bot.rendering import MAX_ENTITIES, MAX_LENGTH, Message
from retrieval.folder import read_folder
from retrieval.types import Document, Source
from tests import tdlib
from tests.tdlib import Entity


def asked_of_telegram(message: Message) -> list[Entity]:
    return [Entity(entity.style.value, entity.offset, entity.length) for entity in message.entities]


def shown(message: Message) -> tdlib.Sent:
    """The message in the chat: Telegram has taken it and changed nothing."""
    asked = asked_of_telegram(message)
    arrived = tdlib.sent(message.text, asked)
    assert arrived.text == message.text
    assert sorted(arrived.entities) == sorted(asked)
    assert tdlib.units(message.text) <= MAX_LENGTH
    assert len(asked) <= MAX_ENTITIES
    return arrived


def under(message: Message, kind: str) -> list[str]:
    """What stands under the entities of a kind."""
    arrived = shown(message)
    return [arrived.under(entity) for entity in arrived.entities if entity.kind == kind]


LETTERS = st.sampled_from(
    "\t\r\0\x1b\x9b\u2028\u030a\u0333\u00ad\u200b\u200d\u200e\u200f\u202e\u2066\u2069\ufeff\ufffd"
) | st.characters(exclude_categories=["Cs"])
KNOWN = ["Kyzym", "ambassador", "Minsk", "Кизим", "посол", "Мінск", "שגריר", "سفير", "𝕶𝖞𝖟𝖞𝖒", "мінский"]
STRANGE = [
    *("🇺🇦", "👨\u200d👩\u200d👧", "@durov", "/start@bot", "#tag", "$USD", "https://example.org/a?b=(c)", "notes.md"),
    *("a@b.com", "**bold**", "<b>", "&amp;", "```", "«він»", "A\u030angstro\u0308m", "4111111111111111", "x" * 300),
]
WORDS = st.sampled_from(KNOWN) | st.sampled_from(KNOWN + STRANGE) | st.text(LETTERS, max_size=4)
SENTENCES = st.builds(
    lambda words, gap, end: gap.join(words) + end,
    st.lists(WORDS, min_size=1, max_size=12),
    st.sampled_from([" ", " ", "\n", "\t", "\u00a0", "\u2028"]),
    st.sampled_from([". ", "! ", "? ", "… ", ".” ", ".\u030a ", ":", ""]),
)
PARAGRAPHS = st.builds(
    lambda opening, sentences, times: opening + "".join(sentences) * times,
    st.sampled_from(["", "", "“", "Kyzym writes: “", "\u200f", "# "]),
    st.lists(SENTENCES, min_size=1, max_size=5),
    st.sampled_from([1, 1, 1, 8]),
)
USUAL = st.lists(PARAGRAPHS, min_size=1, max_size=4).map("\n\n".join)
LONG = st.sampled_from([f"Kyzym {'x🇺🇦' * 3_000} Minsk.", "שגריר Kyzym. " * 770, f"{'𝕶𝖞𝖟𝖞𝖒' * 60} " * 33])
TEXTS = USUAL | USUAL | USUAL | USUAL | LONG
LABELS = st.none() | WORDS | st.text(LETTERS, max_size=120) | st.just("🇺🇦" * 150)
QUESTIONS = st.lists(WORDS, min_size=1, max_size=6).map(" ".join)


def documents(text: str, source: Source, name: str) -> list[Document]:
    """The text and the same with a word more, read from a folder; then renamed, for no disk would take every name."""
    with TemporaryDirectory() as folder:
        for number in range(2):
            Path(folder, f"{number}.txt").write_bytes(f"{text} {'Also. ' * number}".encode())
        read = read_folder(Path(folder)).documents
    return [replace(document, source=source, file=f"{name}/{document.file}") for document in read]
