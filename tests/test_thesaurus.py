"""The tables of words, and how they are read."""

import re
from pathlib import Path

import pytest

import retrieval
from retrieval.analysis import fold, terms, tokens
from retrieval.languages import STOP_WORDS
from retrieval.thesaurus import Column, Translations, phrases, relatives, translations

FOLDER = Path(retrieval.__file__).parent
TABLES = ["lexicon.tsv", "countries.tsv", "aliases.tsv"]
LATIN, CYRILLIC = re.compile(r"[a-z]"), re.compile(r"[\u0400-\u052f]")


def lines(file: str) -> list[str]:
    found = (FOLDER / file).read_text("utf-8").splitlines()
    return [line for line in found if line and not line.startswith("#")]


def cells(table: str) -> list[tuple[str, str]]:
    """Column and cell of a whole table."""
    head, *rows = (line.split("\t") for line in lines(table))
    return [pair for row in rows for pair in zip(head, row, strict=True)]


@pytest.mark.parametrize("table", TABLES)
def test_every_row_has_a_cell_for_each_column_of_the_header_and_english_words(table: str) -> None:
    head, *rows = (line.split("\t") for line in lines(table))

    assert head[0] == "en"
    assert head[-3:] == ["uk", "ru", "be"]
    assert [row for row in rows if len(row) != len(head) or not terms(row[0])] == []


@pytest.mark.parametrize("table", TABLES)
def test_no_letter_of_the_other_script_has_slipped_in(table: str) -> None:
    wrong = {"en": CYRILLIC, "latin": CYRILLIC, "uk": LATIN, "ru": LATIN, "be": LATIN}
    assert [cell for column, cell in cells(table) if wrong[column].search(cell)] == []


@pytest.mark.parametrize("table", TABLES)
def test_words_are_lower_case_but_english_acronyms_and_apart_by_one_space(table: str) -> None:
    assert [
        cell for column, cell in cells(table) if cell != " ".join((cell if column == "en" else cell.lower()).split())
    ] == []


@pytest.mark.parametrize("table", TABLES)
def test_words_are_folded_as_those_of_a_question_are(table: str) -> None:
    entries = [entry.strip("=~") for column, cell in cells(table) if column != "en" for entry in cell.split()]
    assert [entry for entry in entries if fold(entry) != entry.replace("'", "")] == []


@pytest.mark.parametrize("table", TABLES)
def test_a_beginning_is_long_enough_to_be_looked_up(table: str) -> None:
    entries = [entry for column, cell in cells(table) if column != "en" for entry in cell.split()]
    assert [entry for entry in entries if len(entry) < 3] == []


def test_a_group_of_synonyms_has_two_words_or_more_each_once() -> None:
    groups = [line.split() for line in lines("synonyms.txt") if ">" not in line]
    assert [group for group in groups if len(group) < 2 or len(set(group)) < len(group)] == []


def test_no_group_of_synonyms_lies_within_another() -> None:
    groups = [frozenset(line.split()) for line in lines("synonyms.txt") if ">" not in line]

    assert len(set(groups)) == len(groups)
    assert [sorted(group) for group in groups if any(group < other for other in groups)] == []


def test_what_answers_a_wider_word_stands_behind_one_sign_and_holds_no_phrase() -> None:
    sides = [[side.split() for side in line.split(">")] for line in lines("synonyms.txt") if ">" in line]
    assert [both for both in sides if len(both) != 2 or not all(both) or any("_" in word for word in both[1])] == []


def test_synonyms_are_lower_case_english_and_no_stop_words() -> None:
    words = {word for line in lines("synonyms.txt") for word in line.split() if word != ">"}
    assert [word for word in sorted(words) if not re.fullmatch(r"[a-z._-]+", word) or not terms(word)] == []


def test_a_phrase_of_the_synonyms_has_two_terms_or_more() -> None:
    entries = {word for line in lines("synonyms.txt") for word in line.split() if "_" in word}
    assert [entry for entry in sorted(entries) if len(terms(entry.replace("_", " "))) < 2] == []


def test_every_entry_begins_as_its_first_term_so_that_it_is_found_by_its_beginning() -> None:
    rows = [line.split("\t")[0] for table in TABLES[1:] for line in lines(table)[1:]]
    entries = {entry for line in (*rows, *lines("synonyms.txt")) for entry in line.partition(">")[0].split()}
    assert [entry for entry in sorted(entries) if terms(entry.replace("_", " "))[0][:2] != entry.casefold()[:2]] == []


def test_the_related_terms_are_those_of_all_groups_of_a_word_whatever_is_looked_up_first() -> None:
    expected: dict[str, set[str]] = {}
    for line in (*(line.split("\t")[0] for table in TABLES[1:] for line in lines(table)[1:]), *lines("synonyms.txt")):
        asked, _, others = line.partition(">")
        single = {found[0] for found in (terms(entry.replace("_", " ")) for entry in asked.split()) if len(found) == 1}
        for term in single:
            expected.setdefault(term, set()).update(set(terms(others)) if others else single)
    assert {term: set(others) for term, others in relatives().items()} == {
        term: others - {term} for term, others in expected.items() if others - {term}
    }
    assert len(relatives()) == len(set(relatives()))


def test_a_word_that_no_table_knows_has_no_related_terms() -> None:
    assert "kyzym" not in relatives()
    assert "kyzym" not in phrases()


def test_a_phrase_stands_for_the_words_of_its_group_and_no_word_stands_for_it() -> None:
    assert {"jail", "imprison"} <= set(phrases()["behind"]["behind", "bar"])
    assert "bar" not in relatives()["jail"]


def test_a_wider_word_is_answered_by_a_narrower_one_not_the_reverse() -> None:
    assert "ambassador" in relatives()["offici"]
    assert "offici" not in relatives()["ambassador"]


def test_the_longest_beginning_wins_and_a_whole_word_before_it() -> None:
    tables = Translations({"ru": Column({"=китая": "tea", "кит": "whale", "китай": "china", "ки": "cue"})})
    found = {word: tables.meanings(word) for word in ("китая", "китайці", "китам", "кит", "кио", "к", "")}

    assert found == {
        "китая": ("tea",),
        "китайці": ("china",),
        "китам": ("whale",),
        "кит": ("whale",),
        "кио": ("cue",),
        "к": (),
        "": (),
    }


def test_a_stem_knows_its_word_with_an_ending_and_wins_over_a_beginning_not_over_a_whole_word() -> None:
    entries = {"=роках": "doom", "рок~": "year", "рока": "rock"}
    tables = Translations({"uk": Column(entries, frozenset(["", "у", "а", "ах"]))})
    found = {word: tables.meanings(word) for word in ("рок", "року", "рока", "роках", "рокам", "рокот")}

    assert found == {
        "рок": ("year",),
        "року": ("year",),
        "рока": ("year",),
        "роках": ("doom",),
        "рокам": ("rock",),
        "рокот": (),
    }


def test_a_word_is_looked_up_in_its_own_language_first_and_in_the_others_after() -> None:
    tables = Translations({"uk": Column({"вол": "free"}), "be": Column({"=волі": "vilnius"})})

    assert tables.meanings("волі", [["uk"], ["be"]]) == ("free",)
    assert tables.meanings("волі", [["be"], ["uk"]]) == ("vilnius",)
    assert tables.meanings("волих", [["be"], ["uk"]]) == ("free",)
    assert tables.meanings("волі") == tables.meanings("волі", [["uk", "be"]]) == ("vilnius",)


@pytest.mark.parametrize(
    ("word", "other"),
    [("свет", "сьвет"), ("улада", "ўлада"), ("злачынства", "зьлачынства"), ("урадаў", "ўрадаў"), ("праўда", "прауда")],
)
def test_both_spellings_of_belarusian_and_both_letters_for_u_are_one(word: str, other: str) -> None:
    assert translations().meanings(word, [["be"]]) == translations().meanings(other, [["be"]]) != ()


@pytest.mark.parametrize(
    ("word", "meanings"),
    [
        ("київ", ("kyiv",)),
        ("києвом", ("kyiv",)),
        ("київського", ("kyiv",)),
        ("киевским", ("kyiv",)),
        ("київстар", ()),  # =київ is a whole word
        ("kiev", ("kyiv",)),
        ("kievan", ()),
        ("албанець", ("albania",)),
        ("алжыру", ("algeria",)),
        ("kyzym", ()),
    ],
)
def test_the_tables_know_a_word_by_its_beginning_or_as_a_whole(word: str, meanings: tuple[str, ...]) -> None:
    assert translations().meanings(word) == tuple(terms(" ".join(meanings)))


def test_relatives_are_the_others_of_all_groups_of_a_word_never_the_word() -> None:
    assert {"envoy", "diplomat", "embassi"} <= set(relatives()["ambassador"])
    assert "ambassador" in relatives()["envoy"]
    assert [term for term, others in relatives().items() if term in others or len(set(others)) < len(others)] == []


def test_each_row_gives_its_own_english_terms_to_its_words() -> None:
    for table in TABLES:
        head, *rows = (line.split("\t") for line in lines(table))
        for english, *others in rows:
            for code, cell in zip(head[1:], others, strict=True):
                for entry in spelt(cell, code).split():
                    assert english in translations().columns[code].entries[entry], entry


def spelt(text: str, code: str) -> str:
    """A cell as the tables hold it."""
    return (text.replace("ь", "").replace("ў", "у") if code == "be" else text).replace("'", "")


def test_the_ending_of_a_language_is_found_behind_a_stem() -> None:
    for code in ("uk", "ru", "be"):
        column = translations().columns[code]
        assert "" in column.endings
        assert max(map(len, column.endings)) <= 4


def test_no_word_stands_twice_in_a_cell() -> None:
    found = [(code, cell.split()) for table in TABLES for code, cell in cells(table)]
    assert [(code, words) for code, words in found if len(set(words)) < len(words)] == []


def test_every_relative_is_a_term() -> None:
    found = {term for group in relatives().values() for term in group}
    assert [term for term in sorted(found) if not term or term != term.casefold() or " " in term] == []


def test_the_tables_are_read_once() -> None:
    assert translations() is translations()
    assert relatives() is relatives()


def test_an_irregular_form_leads_to_its_base() -> None:
    assert terms("took take takes taken") == ["take"] * 4


def test_every_irregular_form_leads_to_the_base_of_its_line() -> None:
    for line in lines("irregular.txt"):
        base, *forms = line.split()
        expected = [base] if base in STOP_WORDS else terms(base)
        assert forms, line
        assert [token.term for form in forms for token in tokens(form)] == expected * len(forms), line


def test_no_form_is_irregular_twice() -> None:
    forms = [form for line in lines("irregular.txt") for form in line.split()[1:]]
    assert [form for form in forms if forms.count(form) > 1] == []
