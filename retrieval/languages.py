"""What the search knows of each language: a row each.

Every word is looked up in every row, for a question may mix languages and a document may quote another.
The stop words are our own: published lists hold words that carry a question ("announce", "interest").
"""

from __future__ import annotations

from dataclasses import dataclass

from retrieval.types import Silence


@dataclass(frozen=True, slots=True)
class Language:
    """Function words of a language, casefolded and without apostrophes, and how people greet in it."""

    code: str
    stop_words: frozenset[str]
    greetings: frozenset[str]
    thanks: frozenset[str]
    courtesies: frozenset[str]  # what may stand beside a greeting or thanks without making it a question
    foreign: str = ""  # Cyrillic letters that it does not write, ё aside, which is folded
    endings: frozenset[str] = frozenset()  # of its nouns and adjectives


def _words(text: str) -> frozenset[str]:
    return frozenset(text.replace("ё", "е").split())


def _endings(text: str) -> frozenset[str]:
    return _words(text) | {""}


LANGUAGES = (
    Language(
        "en",
        stop_words=_words("""
            a about all also am an and any are as at be been being both but by can cannot could d did do does doing
            done dont for from had has have having he her here hers him his how i if im in into is it its just ll m
            may me might mine more most must my no nor not of on only or other our ours own please quite re s same
            shall she should so some such t tell than that the their theirs them then there these they this those to
            too us ve very was wo ca sha we were what when where whether which who whom whos whose why will with would
            you your yours
        """),
        greetings=_words("hello hi hey greetings howdy good morning afternoon evening"),
        thanks=_words("thanks thank thx cheers"),
        courtesies=_words("day there bot you so very much many a lot for your help answer"),
    ),
    Language(
        "uk",
        stop_words=_words("""
            а або аж але б без би був буда була були було бути в вам вас ваш ваша ваше ваші вже ви від він буде будуть
            буду вона вони воно все всі всіх де для до є ж же за з зі із й його йому ким коли кого кому куди либо лише
            ласка мене мені ми мій моя на навіщо нам нас наш наша наше наші не нею неї ним них ні ніж о об од по при
            про розкажи розкажіть са сам свій своє свої своїх своя скажи скажіть скільки та так така таке такий також
            такі там те теж ти тим то того той тому ту тут у усі хто хіба це цей цим цього цьому ця ці цих чи чия чий
            чиє чиї чим чого чому що щоб щодо будь як яка яке який яким яких якими якого якої якому якою яку які якщо
            їй їх її їхній
        """),
        greetings=_words("привіт вітаю здрастуйте добридень добрий доброго доброї"),
        thanks=_words("дякую спасибі"),
        courtesies=_words("день дня ранок ранку вечір вечора боте бот дуже щиро вам тобі за допомогу відповідь"),
        foreign="ыэъў",
        endings=_endings("""
            а я у ю і ї и е є о ь й ом ем єм ою ею єю ьо ьою ові еві єві ам ям ами ями ьми ах ях ів їв ей
            ий ій ого його ього ому йому ьому им ім їм ої ьої их іх їх ими іми їми
        """),
    ),
    Language(
        "ru",
        stop_words=_words("""
            а без будет будут буду был была были было быть бы в вам вас ваш ваша ваше ваши во вот все всех вы где да
            для до его ее ей ему если есть еще же за зачем здесь и из или им их к как какая какие каким каких какого
            какое какой какому какую кем ко когда кого кому которая которого которое которой которые который кто куда
            ли либо меня мне мой моя мы на над нам нас наш наша не него нее ней нет ни них но ну о об он она они оно
            от откуда по под пожалуйста почему при про разве расскажи расскажите с сам свой своя свое свои своих себя
            скажи скажите сколько со та так также такая такие такое такой там те тебя тем то того тоже той только том
            тому ты у уже чего чей чем чья чье чьи что чтобы эта эти этим этих это этого этой этом этот эту я
        """),
        greetings=_words("привет здравствуйте здравствуй добрый доброе доброго приветствую"),
        thanks=_words("спасибо благодарю"),
        courtesies=_words("день утро вечер дня бот большое вам вас тебя тебе за помощь ответ"),
        foreign="іїєґў",
        endings=_endings("""
            а я у ю ы и е о ь й ом ем ой ей ою ею ью ам ям ами ями ах ях ов ев
            ый ий ого его ому ему ым им ая яя ую юю ое ее ые ие ых их ыми ими
        """),
    ),
    Language(
        "be",
        stop_words=_words("""
            аб або ад адкуль але будзе будуць буду бы быў была былі было быць ва вам вас ваш ваша ваша вашы вельмі вы
            да дзе для ды ёй ён ёсць ёю жа за з зь і ім іх ій каб каго калі калі ласка каму кім куды ля мне мой мая мы
            мяне на навошта над нам нас наш наша не ні ну па пад паміж праз при пры пра раскажы раскажыце свой свая
            сваё свае сваіх скажы скажыце сколькі колькі сам са су так такая такі такія таксама там тая те тое той
            толькі то ты тут у ўжо ўсе ў хіба хто хоць ці цераз чаго чаму чый чыё чыя чым што як якая якога якое якой
            якому якую які якім якія якіх яму яна яны яно яе яго гэта гэтага гэтая гэтай гэтым гэтыя гэты гэту я
        """),
        greetings=_words("прывітанне вітаю добры добрай здароў"),
        thanks=_words("дзякуй дзякую"),
        courtesies=_words("дзень дня раніца раніцы вечар бот вялікі шчыра вам табе за дапамогу адказ"),
        foreign="ищъїє",
        endings=_endings("""
            а я у ю ы і е э о й ом ем ам ям ой ей ай яй ою ею аю яю амі ямі ах ях аў яў оў еў
            ага яга ога аму яму ому ым ім ая яя ую юю ае яе ое ыя ія ых іх ымі імі
        """),
    ),
)

STOP_WORDS = frozenset().union(*(language.stop_words for language in LANGUAGES))

#: Words that make a message a pleasantry when it says nothing else; thanks come before a greeting.
PLEASANTRIES = {
    Silence.THANKS: frozenset().union(*(language.thanks for language in LANGUAGES)),
    Silence.GREETING: frozenset().union(*(language.greetings for language in LANGUAGES)),
}
#: Function words without which a sentence says the contrary.
NEGATIONS = _words("not no never neither nor none cannot не ні ни нет ня")
COURTESIES = frozenset().union(*(language.courtesies for language in LANGUAGES))


def likely(text: str) -> list[list[str]]:
    """The languages that a folded text in Cyrillic letters may be written in, by code, the likeliest first.

    Each letter that a language does not write speaks against it; those with as few of them stand together.
    """
    strange = {row.code: sum(map(text.count, row.foreign)) for row in LANGUAGES if row.foreign}
    return [[code for code in strange if strange[code] == count] for count in sorted(set(strange.values()))]
