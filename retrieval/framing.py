"""What people say around a question without asking it: "I would like to know whether …", "actually", "right?".

Whose word is wanted belongs there where the documents have comments: "according to the readers", "in the comments".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from retrieval.languages import SPEECH
from retrieval.types import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.analysis import Token

_KNOW = r"(?:know|find\s+out|understand|learn|hear)"
_TELL = r"(?:tell|explain(?:\s+to)?|show|inform|remind|say|clarify(?:\s+for)?)"

#: In English, Ukrainian, Russian and Belarusian. Function words need not be caught: they are not searched anyway.
FRAMES = re.compile(
    rf"""\b(?:
      i(?:\s+would|['’]d|\s+really)*\s+(?:like|love|want|wish|need)\s+to\s+{_KNOW}
    | i(?:['’]m|\s+am)\s+(?:curious|wondering|interested\s+(?:to\s+{_KNOW}|in))
    | i\s+wonder
    | (?:can|could|would|will|do)\s+(?:you|we|anyone|somebody|someone)
      \s+(?:please\s+|kindly\s+|perhaps\s+|happen\s+to\s+)*
      (?:{_TELL}(?:\s+(?:me|us))?|know|find(?:\s+out)?(?=\s+(?:who|what|when|where|why|how|whether|if)\b))
    | (?:please|kindly)\s+{_TELL}
    | {_TELL}\s+(?:me|us)
    | (?:do\s+)?(?:you\s+)?(?:have\s+)?any\s+(?:idea|information|info|details)
    | is\s+it\s+(?:true|correct|right|the\s+case|a\s+fact)\s+that
    | what(?:['’]s|\s+is)\s+(?:known|said|written|reported)\s+(?:about|of|on)
    | what(?:['’]s|\s+is|\s+was)\s+(?:the\s+(?:current\s+)?situation|going\s+on|happening)
    | what\s+(?:do|does)\s+(?:the\s+|these\s+|this\s+|your\s+)?(?:documents?|articles?|texts?|sources?)\s+say
    | according\s+to\s+(?:the\s+|these\s+|this\s+)?(?:documents?|articles?|texts?|sources?|authors?)
    | actually|really|exactly|indeed|basically|literally|somehow|anyway|ever
    | by\s+the\s+way|at\s+all|one\s+day|in\s+fact
    | (?:how|when|where|who|why)\s+(?:dose|dosn['’]?t|dosen['’]?t|doese?nt)
    | (?:right|correct|yeah|huh|true)(?=\s*\?*\s*$)

    | (?:хотів|хотіла|хотіли|хотілося)\s+би?\s+(?:дізнатис[яь]|знати|зрозуміти|почути)
    | хочу\s+(?:дізнатис[яь]|знати|зрозуміти)
    | (?:підкажи|підкажіть|поясни|поясніть|розкажи|розкажіть|скажи|скажіть)(?:\s+(?:мені|нам))?
    | (?:можеш|можете|могли\s+б)\s+(?:ви\s+|ти\s+)?(?:мені\s+)?(?:сказати|пояснити|розповісти|підказати)
    | правда,?\s+що | (?:ви\s+)?знаєте(?:\s+ви)?
    | яка\s+(?:зараз\s+)?ситуація | що\s+(?:зараз\s+)?відбувається
    | що\s+(?:відомо(?:\s+про)?|(?:сказано|написано|пишуть|говориться|йдеться)\s+про)
    | цікаво | насправді | взагалі | справді | власне | точно | саме

    | (?:хотел|хотела|хотели|хотелось)\s+бы\s+(?:узнать|знать|понять|услышать)
    | хочу\s+(?:узнать|знать|понять)
    | (?:подскажи|подскажите|объясни|объясните|поясни|поясните|расскажи|расскажите|скажи|скажите)(?:\s+(?:мне|нам))?
    | (?:можешь|можете|могли\s+бы)\s+(?:ли\s+)?(?:вы\s+|ты\s+)?(?:мне\s+)?
      (?:сказать|объяснить|рассказать|подсказать)
    | правда(?:\s+ли)?,?\s+что | (?:вы\s+)?(?:не\s+)?знаете(?:\s+ли)?(?:\s+вы)?
    | какая\s+(?:сейчас\s+)?ситуация | что\s+(?:сейчас\s+)?происходит
    | что\s+(?:известно(?:\s+об?)?|(?:сказано|написано|пишут|говорится)\s+об?)
    | интересно | на\s+самом\s+деле | вообще | действительно | собственно | именно

    | (?:хацеў|хацела|хацелі|хацелася)\s+бы?\s+(?:даведацца|ведаць|зразумець) | хачу\s+(?:даведацца|ведаць|зразумець)
    | (?:падкажы|падкажыце|растлумач|растлумачце|раскажы|раскажыце|скажы|скажыце)(?:\s+(?:мне|нам))?
    | (?:можаш|можаце|маглі\s+б)\s+(?:вы\s+|ты\s+)?(?:мне\s+)?(?:сказаць|растлумачыць|расказаць|падказаць)
    | праўда,?\s+што | ведаеце(?:\s+вы)?
    | якая\s+(?:цяпер\s+|зараз\s+)?сітуацыя | што\s+(?:цяпер\s+|зараз\s+)?адбываецца
    | што\s+(?:вядома(?:\s+(?:пра|аб))?|(?:сказана|напісана|пішуць|гаворыцца)\s+(?:пра|аб))
    | цікава | насамрэч | увогуле | сапраўды | менавіта | дакладна
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)

_WHICH = (
    r"(?:(?:an?|all|any|each|every|first|second|third|fourth|fifth|last|many|most|of|one|online|other|another|some|the|top"
    r"|user|reader)\s+){0,4}"
)
_READERS = r"(?:readers?|comment(?:er|ator|or)s?|comments?(?:\s+section)?)"
_READERS_CYRILLIC = r"(?:читач|коментатор|дописувач|читател|комментатор|чытач|каментатар)\w*"
_SAY = (
    rf"(?:{SPEECH}|(?:advis|blam|consider|criticis|criticiz|doubt|expect|fear|hop|predict|propos|recommend|regard|suspect"
    r"|warn|wish|wonder|worr|мярку|припуска|пропону)\w*)"
)

#: One of these stands in all of the following, and in few questions: what is not there need not be looked for.
_OF_READERS_HINTS = ("reader", "comment", "чита", "чыта", "комент", "коммент", "камент", "дописувач")
_OF_READERS = re.compile(
    rf"""\b(?:
      (?:according\s+to|in\s+the\s+(?:opinions?|views?|words)\s+of|in|from|under|among)
      \s+{_WHICH}{_READERS}(?!\s+(?:of|by)\b)
    | {_WHICH}{_READERS}(?=(?:\s+(?:\w+ly|also))?\s+{_SAY}\b)
    | {_WHICH}{_READERS}[’']?s?\s+(?:opinions?|views?|reactions?|comments?)
    | (?:на\s+думку|за\s+словами|по\s+мнению|по\s+словам|паводле)\s+(?:\w+\s+)?{_READERS_CYRILLIC}
    | {_SAY}\s+(?:\w+\s+)?{_READERS_CYRILLIC} | {_READERS_CYRILLIC}\s+{_SAY}
    | (?:[вуў]|під|под|пад)\s+(?:\w+\s+)?(?:коментар|комментари|каментар)\w*
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)


def of_readers(question: str) -> list[Span]:
    """Where a question asks for what readers wrote below a text."""
    folded = question.casefold()
    if not any(hint in folded for hint in _OF_READERS_HINTS):
        return []
    return [Span(*match.span()) for match in _OF_READERS.finditer(question)]


def unframed(question: str, tokens: Sequence[Token], *, has_comments: bool = False) -> list[Token]:
    """The words of a question that ask something; all of them where nothing else is said."""
    frames = [Span(*match.span()) for match in FRAMES.finditer(question)]
    if has_comments:
        frames += of_readers(question)
    kept = [token for token in tokens if not any(frame.start <= token.start < frame.end for frame in frames)]
    return kept or list(tokens)
