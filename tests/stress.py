"""The bot as a process under blows: none of the questions is lost, and within a chat they are answered in order.

    python -m tests.stress kill --rounds 50      SIGKILL with 20 questions in flight, again and again
    python -m tests.stress storm --seconds 60    50 chats, and every third call to Telegram fails

Telegram cannot be asked whether a message arrived. So an answer comes twice where the process dies, or the connection
breaks, between the sending and the news of it; the figures say how often.
"""

import argparse
import asyncio
import random
import re
import tempfile
import time
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.processes import resident_kb, running, until
from tests.telegram_server import Fault, TelegramServer

KYZYM = "who appointed Kyzym"
#: No word of the documents, nor like one: the answer repeats it.
MARK = re.compile(r"\bqqwxz(\d+)qqwxz\b")
IN_FLIGHT = 20
CHATS = 50
PATIENCE = 120.0  #: seconds until the last answer
SETTINGS = {"QUOTH_QUESTIONS_PER_MINUTE": "0"}
#: Of each hundred calls to send a message: 30 faults, seven of them after the message is there.
WEATHER = [
    *[Fault()] * 70,
    *[Fault.too_many_requests(1)] * 5,
    *[Fault.bad_gateway()] * 6,
    *[Fault.cut()] * 6,
    *[Fault.slow(0.3)] * 6,
    *[Fault.lost_reply()] * 4,
    *[Fault.cut_halfway()] * 3,
]
#: A poll whose reply is lost is asked again: what it brought comes twice.
POLLS = [*[Fault()] * 17, Fault.lost_reply(), Fault.bad_gateway(), Fault.cut_halfway()]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the questions."""

    asked: int
    lost: int
    twice: int
    disordered: int  #: chats in which a first answer overtook another

    def __str__(self) -> str:
        figures = f"{self.lost} lost, {self.twice} answered twice, {self.disordered} chats in disorder"
        return f"{self.asked} questions: {figures}"


@dataclass(frozen=True, slots=True)
class Weathered:
    """How a storm was weathered."""

    outcome: Outcome
    unknown: int  #: answers whose arrival the bot could not know of
    grown_kb: int  #: its memory, in the second half

    def __str__(self) -> str:
        return f"{self.outcome}; of {self.unknown} answers Telegram's word was lost; memory {self.grown_kb:+} kB"


class Crowd:
    """People who ask, and what they hear."""

    def __init__(self, server: TelegramServer) -> None:
        self._server = server
        self._asked: dict[int, int] = {}  # a question's number -> its chat

    def ask(self, chat: int) -> None:
        number = len(self._asked)
        self._asked[number] = chat
        self._server.say(f"{KYZYM} qqwxz{number}qqwxz", user=chat)

    def outcome(self) -> Outcome:
        heard: dict[int, list[int]] = defaultdict(list)
        for message in self._server.sent:
            heard[message.chat_id] += [int(mark[1]) for mark in MARK.finditer(message.text)]
        answers = [number for numbers in heard.values() for number in numbers]
        first = {chat: list(dict.fromkeys(numbers)) for chat, numbers in heard.items()}
        return Outcome(
            len(self._asked),
            len(self._asked.keys() - answers),
            len(answers) - len({*answers}),
            sum(numbers != sorted(numbers) for numbers in first.values()),
        )

    def is_answered(self) -> bool:
        return self.outcome().lost == 0


async def kill(rounds: int, folder: Path, chance: random.Random) -> Outcome:
    """So many lives that end with SIGKILL while questions are in flight, and one in which the rest is answered."""
    async with TelegramServer() as server:
        crowd = Crowd(server)
        for _ in range(rounds):
            async with running(server, folder, **SETTINGS) as service:
                if chance.random() < 0.8:
                    await service.logged("answers from")
                for _ in range(IN_FLIGHT):
                    crowd.ask(chat=1_000 + chance.randrange(IN_FLIGHT // 2))
                    await asyncio.sleep(chance.random() * 0.005)
                await asyncio.sleep(chance.random() * 0.3)
                service.process.kill()
        async with running(server, folder, **SETTINGS) as service:
            await until(crowd.is_answered, PATIENCE)
            await service.stop()
        return crowd.outcome()


async def storm(seconds: float, folder: Path, chance: random.Random) -> Weathered:
    """Questions of many chats while a third of what is sent fails; chosen by chance, that a seed brings back."""
    async with TelegramServer() as server, running(server, folder, **SETTINGS) as service:
        crowd, calls = Crowd(server), int(seconds * 200) + 1_000
        weather = chance.choices(WEATHER, k=calls)
        for fault, poll in zip(weather, chance.choices(POLLS, k=calls), strict=True):
            server.fail_next("sendMessage", fault)
            server.fail_next("getUpdates", poll)
        await ask_on(crowd, seconds / 2, chance)
        memory = resident_kb(service.process.pid)
        await ask_on(crowd, seconds / 2, chance)
        memory = resident_kb(service.process.pid) - memory
        with suppress(TimeoutError):  # what is lost then is counted
            await until(crowd.is_answered, PATIENCE)
        blown = weather[: len(weather) - len(server._faults["sendMessage"])]
        await service.stop()
        unknown = sum(fault.share < 1 and fault.reply is None for fault in blown)
        return Weathered(crowd.outcome(), unknown, memory)


async def ask_on(crowd: Crowd, seconds: float, chance: random.Random) -> None:
    """Asks for so long, some 40 times a second."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        crowd.ask(chat=1_000 + chance.randrange(CHATS))
        await asyncio.sleep(chance.expovariate(40))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("blow", choices=["kill", "storm"])
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    given = parser.parse_args()
    print(f"seed {given.seed}")
    chance = random.Random(given.seed)
    with tempfile.TemporaryDirectory() as folder:
        if given.blow == "kill":
            print(asyncio.run(kill(given.rounds, Path(folder), chance)))
        else:
            print(asyncio.run(storm(given.seconds, Path(folder), chance)))


if __name__ == "__main__":
    main()
