"""Faults in numbers: a storm over all calls, and the waits that one chat alone is told."""

import math
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from random import Random

from tests.telegram_faults import Fault, Reply
from tests.telegram_limits import Params

SLOW_S = (0.02, 0.3)  #: seconds, from and to
STORM_KINDS = ("flood", "bad_gateway", "cut", "lost_reply", "cut_halfway", "slow", "duplicates")


@dataclass(frozen=True, slots=True)
class Strike:
    """A call that a storm has spoilt."""

    kind: str
    method: str
    params: Params

    @property
    def is_done(self) -> bool:
        """Whether the call took effect all the same."""
        return self.kind not in {"flood", "bad_gateway", "cut"}


class Storm:
    """A mix of faults over a share of the calls, the same for the same seed: the nth call of a method decides.

    It is bounded, so that whoever tries again gets through: no method is struck more than so many times in a row, and
    after so many strikes it is over.
    """

    def __init__(self, share: float, seed: int, kinds: tuple[str, ...], in_a_row: int, most: int) -> None:
        unknown = {*kinds} - {*STORM_KINDS}
        if unknown or not kinds:
            raise ValueError(f"no such faults: {sorted(unknown)}")
        self.strikes: list[Strike] = []
        self._share, self._seed, self._kinds = share, seed, kinds
        self._in_a_row, self._most = in_a_row, most
        self._calls: Counter[str] = Counter()
        self._run: defaultdict[str, int] = defaultdict(int)

    @property
    def counts(self) -> dict[str, int]:
        """How often each kind of fault has struck."""
        return dict(Counter(strike.kind for strike in self.strikes))

    def strike(self, method: str, params: Params) -> Fault | None:
        """What goes wrong with the next call of a method, if anything."""
        self._calls[method] += 1
        # A string seeds by its content, whatever PYTHONHASHSEED is.
        chance = Random(f"{self._seed} {method} {self._calls[method]}")
        is_spared = self._run[method] >= self._in_a_row or len(self.strikes) >= self._most
        if is_spared or chance.random() >= self._share:
            self._run[method] = 0
            return None
        self._run[method] += 1
        kinds = [kind for kind in self._kinds if kind != "duplicates" or method == "getUpdates"]
        kind = chance.choice(kinds or ["cut"])
        self.strikes.append(Strike(kind, method, params))
        return self._fault(kind, chance)

    @staticmethod
    def _fault(kind: str, chance: Random) -> Fault:
        match kind:
            case "flood":
                return Fault.too_many_requests(1)
            case "slow":
                return Fault.slow(chance.uniform(*SLOW_S))
        plain: Fault = getattr(Fault, kind)()
        return plain


class Floods:
    """The chats that are not to be written to for a while, and the calls that did not wait."""

    def __init__(self) -> None:
        self.impatient: list[tuple[str, Params]] = []  #: calls into a chat that had been told to wait
        self._until: dict[str, float] = {}  #: time.monotonic(), by chat id
        self._told: set[str] = set()

    def begin(self, chat: int, seconds: float) -> None:
        """Refuses whatever is written to a chat from now on, for so long."""
        self._until[str(chat)] = time.monotonic() + seconds
        self._told.discard(str(chat))

    def reply(self, method: str, params: Params) -> Reply | None:
        """The refusal of a call into a chat that has to wait."""
        chat = params.get("chat_id", "")
        left = self._until.get(chat, 0) - time.monotonic()
        if left <= 0 or method.startswith("get"):
            return None
        if chat in self._told:
            self.impatient.append((method, params))
        self._told.add(chat)
        return Fault.too_many_requests(math.ceil(left)).reply
