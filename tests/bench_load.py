"""How long an answer takes under load, beside a bare python-telegram-bot handler that keeps nothing.

    python -m tests.bench_load [--seconds 60] [--rate 100]

This process is Telegram and the people: each question is another one, of another person. The bots are processes of
their own and take turns; both search and send the same. Measured is from a question's arrival at Telegram to that of
its answer; the 95th percentiles are compared as a ratio. A benchmark, not a test: it prints and never fails.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.processes import cpu_ms, resident_kb, running, until
from tests.telegram_server import TelegramServer

WORDS = ("Kyzym", "appointed", "ambassador", "Belarus", "Tsikhanouskaya", "minister", "Kyiv", "democratic", "forces")
#: The smallest bot with the same search: no inbox, no log, no order, nothing tried again.
BARE = """
import os
from pathlib import Path
from telegram import LinkPreviewOptions, MessageEntity
from telegram.ext import Application, MessageHandler, filters
from bot.dialogue import Dialogue
from bot.wording import wording
from retrieval.folder import read_folder
from retrieval.index import Index

index = Index(read_folder(Path(os.environ["QUOTH_SEEDS"])).documents)
index.warm_up()
dialogue, words = Dialogue(index), wording("en")

async def answer(update, context):
    message = dialogue.reply(update.message.text, words).message
    entities = [MessageEntity(e.style.value, e.offset, e.length) for e in message.entities]
    await update.message.reply_text(
        message.text, entities=entities, link_preview_options=LinkPreviewOptions(is_disabled=True)
    )

builder = Application.builder().token(os.environ["QUOTH_TELEGRAM_TOKEN"]).concurrent_updates(True)
application = builder.base_url(os.environ["QUOTH_TELEGRAM_API_URL"] + "/bot").connection_pool_size(64).build()
application.add_handler(MessageHandler(filters.TEXT, answer))
print("answers from", flush=True)
application.run_polling(allowed_updates=["message"])
"""


def question(number: int) -> str:
    """Questions that all differ."""
    first, second = WORDS[number % len(WORDS)], WORDS[number // len(WORDS) % len(WORDS)]
    return f"what of {first} and {second} in {number}"


@dataclass(frozen=True, slots=True)
class Figures:
    """What a bot made of a load."""

    took_ms: list[float]  #: from each question to its answer
    lost: int
    cpu_ms: float  #: of the bot's process for one question
    grown_kb: int  #: its memory, after the first seconds

    def __str__(self) -> str:
        cuts = statistics.quantiles(self.took_ms, n=100)
        return (
            f"{len(self.took_ms)} answers, {self.lost} lost, p50 {cuts[49]:.1f} ms, p95 {cuts[94]:.1f} ms, "
            f"p99 {cuts[98]:.1f} ms; {self.cpu_ms:.1f} ms of a processor each; memory {self.grown_kb:+} kB"
        )

    @property
    def ninety_fifth(self) -> float:
        """The 95th percentile, in milliseconds."""
        return statistics.quantiles(self.took_ms, n=100)[94]


async def load(program: str, seconds: float, rate: float) -> Figures:
    """A load on one bot."""
    with tempfile.TemporaryDirectory() as folder:
        async with TelegramServer() as server, bot(server, Path(folder), program) as pid:
            asked: dict[int, float] = {}
            await ask_all(server, {}, 2, rate)  # the first seconds are a start's
            cpu, memory = cpu_ms(pid), resident_kb(pid)
            await ask_all(server, asked, seconds, rate)
            cpu, memory = cpu_ms(pid) - cpu, resident_kb(pid) - memory
        told = {message.chat_id: message.at for message in server.sent}
        took = [1_000 * (told[chat] - at) for chat, at in asked.items() if chat in told]
        return Figures(took, len(asked) - len(took), cpu / len(asked), memory)


@asynccontextmanager
async def bot(server: TelegramServer, folder: Path, program: str) -> AsyncIterator[int]:
    """The id of a bot's process, once it answers."""
    async with running(server, folder, program=program, QUOTH_QUESTIONS_PER_MINUTE="0") as service:
        await service.logged("answers from")
        server.say("hello", user=1)
        await server.next_sent(30)
        yield service.process.pid


async def ask_all(server: TelegramServer, asked: dict[int, float], seconds: float, rate: float) -> None:
    """Asks at a steady rate, each time in another chat, and waits for the answers, for a minute at most."""
    began, first, wanted = time.monotonic(), 10**6 + len(server.calls), len(server.sent) + int(seconds * rate)
    for number in range(int(seconds * rate)):
        await asyncio.sleep(max(0, began + number / rate - time.monotonic()))
        asked[first + number] = time.monotonic()
        server.say(question(number), user=first + number)
    with suppress(TimeoutError):
        await until(lambda: len(server.sent) >= wanted, patience=60)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--rate", type=float, default=100)
    given = parser.parse_args()
    figures = {}
    for name, program in (("bare", BARE), ("quoth", "")):
        figures[name] = asyncio.run(load(program, given.seconds, given.rate))
        print(f"{name}: {figures[name]}")
    print(f"ratio of p95 {figures['quoth'].ninety_fifth / figures['bare'].ninety_fifth:.2f}")


if __name__ == "__main__":
    main()
