"""What is measured while the bot runs, by Prometheus' conventions: https://prometheus.io/docs/practices/naming/."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

from retrieval.types import Verdict

if TYPE_CHECKING:
    from retrieval.types import Answer

_ANSWER_SECONDS = (0.01, 0.02, 0.03, 0.06, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60)
_SEARCH_SECONDS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5)


class Metrics:
    """The figures of one process, in a registry of their own."""

    def __init__(self) -> None:
        registry = self.registry = CollectorRegistry()
        self.questions = Counter("quoth_questions", "Questions answered, by verdict.", ["verdict"], registry=registry)
        for verdict in Verdict:  # a rate needs a first value
            self.questions.labels(verdict.value)
        self.answer_seconds = Histogram(
            "quoth_answer_seconds",
            "From the arrival of a question to its answer's.",
            buckets=_ANSWER_SECONDS,
            registry=registry,
        )
        self.search_seconds = Histogram(
            "quoth_search_seconds", "The search alone.", buckets=_SEARCH_SECONDS, registry=registry
        )
        self.retries = Counter("quoth_retries", "Calls to Telegram that were tried again.", registry=registry)
        self.faults = Counter("quoth_faults", "Faults of Quoth's own while it worked on an update.", registry=registry)
        self.deliveries = Counter(
            "quoth_webhook_deliveries", "Updates delivered to the webhook, repeated ones too.", registry=registry
        )
        self.inbox = Gauge("quoth_inbox_updates", "Updates under way or waiting.", registry=registry)
        self.last_poll = Gauge(
            "quoth_last_successful_poll_timestamp_seconds",
            "When Telegram last replied to a poll, or told of the webhook, Unix time.",
            registry=registry,
        )
        self.is_database_failing = Gauge(
            "quoth_database_failing", "1 while the database cannot be written.", registry=registry
        )
        self.documents = Gauge("quoth_index_documents", "Documents in the index.", registry=registry)
        self.passages = Gauge("quoth_index_passages", "Passages in the index.", registry=registry)
        self.indexed_at = Gauge(
            "quoth_index_built_timestamp_seconds", "When the index was built, Unix time.", registry=registry
        )
        ProcessCollector(registry=registry)

    def count(self, answer: Answer) -> None:
        """Counts an answer."""
        self.questions.labels(answer.verdict.value).inc()
        self.search_seconds.observe(answer.search_ms / 1_000)
