"""Questions to a folder: what is answered, what is met with silence, and that it is the same every time."""

import json
import subprocess
import sys
from dataclasses import asdict
from time import process_time

import pytest
from hypothesis import given, settings

from retrieval import thesaurus
from retrieval.folder import read_folder
from retrieval.index import Index
from retrieval.types import Kind, Silence, Verdict
from tests.folders import PROSE, QUESTIONS, SEEDS, Onlooker, ask, document, read

SEED_DOCUMENTS = read_folder(SEEDS).documents
INDEX = Index(SEED_DOCUMENTS)
QUESTIONS_OF_ALL_KINDS = [
    "who appointed Kyzym",
    "When was the ambassador removed from his post?",
    "What is the Lublin triangle?",
    "how many political opponents are imprisoned",
    "Ukraine Belarus Russia war opposition government exile Kyiv",
    "Where does Tsikhanouskaya live?",
    "Кого призначив міністр?",
    "price of bitcoin",
    "hello",
]


def test_who_appointed_kyzym_is_answered_with_his_own_words() -> None:
    answer = INDEX.ask("who appointed Kyzym")
    best = answer.citations[0]

    assert answer.verdict is Verdict.ANSWERED
    assert (
        "By the decision of the Minister of Foreign Affairs, I was appointed Ambassador-at-Large for Belarus"
        in best.quote
    )
    assert (best.file, best.paragraph, best.kind) == ("000_719b66f8acb16e56.txt", 5, Kind.TEXT)
    assert (best.publisher, best.title, best.heading) == ("Kyiv Post", None, None)
    assert best.lead_in is not None
    assert (best.lead_in.quote, best.lead_in.start, best.lead_in.end) == ("Kyzym writes:", 734, 747)


def test_an_answer_says_how_it_read_the_question() -> None:
    answer = INDEX.ask("Who appointed KYZYM’s plumber?")

    assert answer.question == "Who appointed KYZYM’s plumber?"
    assert answer.understood == {"appointed": ("appointment", "appointed"), "kyzym": ("kyzym",)}
    assert answer.not_understood == ("plumber",)
    assert 0 < answer.coverage < 1
    assert answer.silence is None
    assert answer.search_ms > 0


@pytest.mark.parametrize(
    ("question", "words", "file"),
    [
        ("When was the ambassador removed from his post?", "removed from his post in Minsk", "000"),
        ("What is the Lublin triangle?", "union of Ukraine, Poland, and Lithuania", "003"),
        ("how many opponents are imprisoned?", "imprisoned close to 2,000 political opponents", "000"),
        ("Where does the opposition leader reside?", "Vilnius, where the opposition leader resides", "003"),
        ("What did Tsikhanouskaya write on her X site?", "I congratulate Ihor Kyzym", "000"),
    ],
)
def test_the_seeds_answer_in_their_first_quote(question: str, words: str, file: str) -> None:
    best = INDEX.ask(question).citations[0]

    assert words in best.quote
    assert best.file.startswith(file)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (
            "Дзе жыве Святлана Ціханоўская?",
            "where the opposition leader resides",
        ),  # the text drops Sviatlana
        ("Хто призначив Кизима послом?", "By the decision of the Minister"),
        ("За што Лукашэнка кінуў за краты апанентаў?", "has imprisoned"),
    ],
)
def test_the_seeds_answer_among_sentences_that_share_as_many_words(question: str, words: str) -> None:
    assert words in INDEX.ask(question).citations[0].quote


def test_a_question_in_the_words_of_a_title_is_answered_with_a_sentence_that_holds_words_of_it_itself() -> None:
    best = INDEX.ask("Should Ukraine establish relations with Belarus?").citations[0]
    words = {best.quote[start - best.start : end - best.start].casefold() for start, end in best.highlights}

    assert {"ukraine", "belarus"} <= words


@pytest.mark.parametrize(
    "question", ["price of bitcoin", "How do I bake bread?", "Ціна біткоїна?", "погода в Париже", "прагноз надвор'я"]
)
def test_what_the_documents_do_not_say_is_met_with_silence(question: str) -> None:
    answer = INDEX.ask(question)

    assert (answer.verdict, answer.silence, answer.citations) == (Verdict.NOTHING, Silence.UNSAID, ())
    assert set(answer.understood) | set(answer.not_understood)


@pytest.mark.parametrize(
    "question", ["Hello, who appointed Kyzym?", "thanks, and Kyzym?", "Добрий день, хто такий Kyzym?", "hi Kyzym"]
)
def test_a_greeting_before_a_question_does_not_hide_it(question: str) -> None:
    assert "kyzym" in INDEX.ask(question).understood


@pytest.mark.parametrize("question", ["", " \n\t", "???", "😀🇺🇦", "the of a", "Хто це?", "\0\0", "\ud800", "ʼ", "_"])
def test_a_message_without_a_word_to_search_for_is_met_with_silence(question: str) -> None:
    answer = INDEX.ask(question)

    assert (answer.verdict, answer.silence, answer.citations) == (Verdict.NOTHING, Silence.WORDLESS, ())
    assert (answer.coverage, answer.understood, answer.not_understood) == (0, {}, ())


def test_a_question_is_as_long_as_a_telegram_message_at_most() -> None:
    longest = ("who appointed Kyzym " * 4_096)[:4_096]

    assert INDEX.ask(longest).verdict is Verdict.ANSWERED
    assert INDEX.ask(longest + "?").silence is Silence.TOO_LONG
    assert INDEX.ask("x" * 100_000).silence is Silence.TOO_LONG


@pytest.mark.parametrize("words", ["who appointed Kyzym ", "Belarus ", "zqv ", "Тихановская ", "1 ", "a", "ж"])
def test_the_longest_question_is_searched_in_no_time(words: str) -> None:
    began = process_time()
    INDEX.ask((words * 4_096)[:4_096])

    assert process_time() - began < 1


@pytest.mark.parametrize(
    "question", ["\0who\0appointed\0Kyzym\0", "who appointed Kyzym \ud800", "\udcffwho appointed\udfff Kyzym"]
)
def test_nuls_and_lone_surrogates_in_a_question_do_no_harm(question: str) -> None:
    answer = INDEX.ask(question)

    assert answer.citations == INDEX.ask("who appointed Kyzym").citations
    assert answer.question.encode()


def test_the_words_of_titles_and_headings_are_understood_too() -> None:
    page = {"a.md": "# Annual report\n\n## Penguins\n\nThey swim in the bay, and nobody counts the birds there.\n"}
    answer = ask("Do the penguins swim in the bay?", page)

    assert answer.not_understood == ()
    assert answer.understood["penguins"] == ("penguins",)
    assert answer.verdict is Verdict.ANSWERED


def test_the_title_and_the_heading_that_a_passage_stands_under_speak_for_it() -> None:
    files = {
        "a.md": "# Minsk\n\n## Office\n\nIt is closed.\n",
        "b.md": "# Kyiv\n\n## Office\n\nIt is closed today.\n\n## Shop\n\nIt is closed now.\n",
    }

    assert ask("Is the Kyiv office closed?", files).citations[0].quote == "It is closed today."
    assert ask("Is the Minsk shop closed?", files).citations[0].file == "a.md"


def test_a_question_that_a_heading_alone_names_is_answered_with_what_stands_below_it() -> None:
    page = {"a.md": "# Annual report\n\nIt was a good year.\n\n## Penguins\n\nThey swim in the bay.\n"}

    assert [quote.quote for quote in ask("tell me about penguins", page).citations] == ["They swim in the bay."]


def test_a_title_alone_does_not_make_any_sentence_below_it_an_answer() -> None:
    page = {
        "a.md": "# How to establish relations with Belarus\n\nIt rained all day.\n\nBelarus is near.\n\nNobody went.\n"
    }

    assert ask("establish relations with Belarus", page).verdict is not Verdict.ANSWERED


def test_a_word_that_finds_a_passage_is_found_in_its_sentences_too() -> None:
    answer = ask("did the U.S. stay", {"a.txt": "The talks went on and on. US STAYED. The others left.\n"})

    assert "US STAYED." in "".join(quote.quote for quote in answer.citations)


def test_what_is_announced_is_found_without_a_word_of_the_question() -> None:
    text = "Kyzym was late. Then Kuleba wrote on his site:\n\n“We are glad.”\n\nThe harbour was closed:"

    def found(question: str) -> list[str]:
        return [quote.quote for quote in ask(question, {"a.txt": text}).citations]

    assert "“We are glad.”" in found("What did Kuleba write on his site?")
    assert "“We are glad.”" not in found("Was Kyzym late?")
    assert ask("Was the harbour closed?", {"a.txt": text, "b.txt": "Nobody came."}).citations[0].file == "a.txt"


def test_comments_are_quoted_unless_the_operator_leaves_them_out() -> None:
    page = {"a.txt": "One.\n\nTwo.\n\nComments\n\n  1. Nobody likes penguins here.\n"}
    off = '[[document]]\nfile = "a.txt"\ncomments = false\n'

    assert [quote.kind for quote in ask("penguins", page).citations] == [Kind.COMMENT]
    assert ask("penguins", page, off).silence is Silence.UNSAID
    assert ask("penguins", page, off).not_understood == ("penguins",)


@pytest.mark.parametrize(
    ("text", "words"), [("A river named Sozh.", {"river", "name"}), ("The river Sozh.", {"river"})]
)
def test_a_name_is_looked_for_by_that_word_where_the_documents_have_it(text: str, words: set[str]) -> None:
    assert ask("What is the name of the river?", {"a.txt": text}).understood.keys() == words


@pytest.mark.parametrize("files", [{"a.txt": ""}, {"a.md": "# A title\n"}, {"a.txt": "\0\n\n\u200b", "b.txt": "?! …"}])
def test_a_folder_with_nothing_to_quote_says_nothing(files: dict[str, str]) -> None:
    answer = ask("What about the title?", files)

    assert (answer.verdict, answer.silence, answer.coverage) == (Verdict.NOTHING, Silence.UNSAID, 0)


def test_no_documents_at_all_say_nothing() -> None:
    assert Index([]).ask("Kyzym").silence is Silence.UNSAID


def test_an_onlooker_sees_every_passage() -> None:
    onlooker = Onlooker()
    index = Index(SEED_DOCUMENTS, onlooker)

    assert onlooker.seen == {"Indexing": list(index.passages)}
    assert len(index.passages) == 15 + 4 + 31 + 24
    assert index.documents == SEED_DOCUMENTS
    assert index.ask("who appointed Kyzym") == INDEX.ask("who appointed Kyzym")


def test_a_document_of_many_short_paragraphs_is_indexed_in_no_time() -> None:
    many = document("  - A short item\n" * 3_000)
    began = process_time()
    Index([many])

    assert process_time() - began < 1


def test_the_order_of_files_decides_between_equals() -> None:
    files = {"b.txt": "A penguin swims.", "a.txt": "A penguin dives.", "c.txt": "A penguin walks."}

    assert [quote.file for quote in ask("penguin", files).citations] == ["a.txt", "b.txt", "c.txt"]


def test_an_answer_is_the_same_whatever_the_hash_seed() -> None:
    program = """
        import json, sys
        from dataclasses import asdict, replace
        from pathlib import Path
        from retrieval.folder import read_folder
        from retrieval.index import Index

        index = Index(read_folder(Path("seeds")).documents)
        print(json.dumps([asdict(replace(index.ask(question), search_ms=0)) for question in json.loads(sys.argv[1])]))
    """
    lines = "\n".join(line.strip() for line in program.split("\n"))
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", lines, json.dumps(QUESTIONS_OF_ALL_KINDS)],
            cwd=SEEDS.parent,
            env={"PYTHONHASHSEED": seed},
            stdout=subprocess.PIPE,
        )
        for seed in ["0", "1", "random"]
    ]
    answers = [json.loads(run.communicate()[0]) for run in runs]
    here = json.loads(
        json.dumps([asdict(INDEX.ask(question)) | {"search_ms": 0} for question in QUESTIONS_OF_ALL_KINDS])
    )

    assert answers == [here] * 3
    assert sum(bool(answer["citations"]) for answer in here) >= 5


@settings(deadline=None)
@given(PROSE, PROSE, QUESTIONS)
def test_any_question_to_any_documents_has_a_verdict_that_fits_its_citations(
    one: str, other: str, question: str
) -> None:
    index = Index([document(one), document(other, "b.md")])
    answer = index.ask(question)

    assert answer == index.ask(question) == Index(index.documents).ask(question)
    assert 0 <= answer.coverage <= 1
    assert (answer.verdict is Verdict.NOTHING) == (not answer.citations) == (answer.silence is not None)
    assert not set(answer.understood) & set(answer.not_understood)
    assert all(answer.understood.values())


@settings(deadline=None, max_examples=50)
@given(QUESTIONS)
def test_any_question_to_the_seeds_is_answered_or_met_with_silence(question: str) -> None:
    answer = INDEX.ask(question)

    assert (answer.verdict is Verdict.NOTHING) == (not answer.citations)
    for quote in answer.citations:
        assert quote.quote in next(document.text for document in SEED_DOCUMENTS if document.file == quote.file)


def test_a_file_that_cannot_be_read_leaves_the_answers_of_the_others() -> None:
    assert ask("penguin", {"a.txt": bytes(range(256)), "b.txt": "A penguin swims."}).verdict is Verdict.ANSWERED
    assert read({"a.txt": bytes(range(256))}).documents == ()


@pytest.mark.parametrize(
    "text",
    ["Kyzym " + "a" * 200_000, "Kyzym met Kuleba near the harbour " * 20_000, "Kyzym " + "! ? " * 100_000],
    ids=["a word", "a sentence", "signs"],
)
def test_a_wall_of_text_is_read_and_searched_all_the_same(text: str) -> None:
    answer = Index([document(text)]).ask("Kyzym")

    assert answer.citations[0].quote.startswith("Kyzym")
    assert len(answer.citations[0].quote) <= 600


def test_after_warming_up_every_table_has_been_read() -> None:
    tables = (thesaurus.relatives, thesaurus.translations)
    for table in tables:
        table.cache_clear()
    Index(SEED_DOCUMENTS).warm_up()

    assert [table.cache_info().currsize for table in tables] == [1, 1]


def test_a_heading_is_read_in_the_way_of_its_folder() -> None:
    text = "Він приїхав до міста вчора разом із дружиною."
    page = f"# Звіт\n\nУсе було добре цього року.\n\n## Призначення посла\n\n{text}\n"

    assert [quote.quote for quote in ask("розкажи про призначення посла", {"a.md": page}).citations] == [text]
