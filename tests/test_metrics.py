"""The figures: Prometheus can read them, and each bot has its own."""

from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from bot.metrics import Metrics


def shown(metrics: Metrics) -> dict[str, float]:
    """The figures as Prometheus gets them."""
    families = text_string_to_metric_families(generate_latest(metrics.registry).decode())
    return {" ".join([sample.name, *sample.labels.values()]): sample.value for f in families for sample in f.samples}


def test_every_figure_has_a_help_text_a_unit_in_its_name_and_the_prefix() -> None:
    families = [family for family in Metrics().registry.collect() if not family.name.startswith("process_")]
    assert len(families) == 12
    assert all(family.name.startswith("quoth_") and family.documentation.endswith(".") for family in families)


def test_what_was_counted_is_shown() -> None:
    metrics = Metrics()
    metrics.questions.labels("answered").inc()
    metrics.answer_seconds.observe(0.02)
    metrics.retries.inc(2)
    metrics.inbox.set_function(lambda: 5)
    figures = shown(metrics)
    assert figures["quoth_questions_total answered"] == 1
    assert figures["quoth_answer_seconds_count"] == 1
    assert figures["quoth_retries_total"] == 2
    assert figures["quoth_inbox_updates"] == 5


def test_two_bots_in_a_process_count_apart() -> None:
    one, other = Metrics(), Metrics()
    one.faults.inc()
    assert (shown(one)["quoth_faults_total"], shown(other)["quoth_faults_total"]) == (1, 0)
