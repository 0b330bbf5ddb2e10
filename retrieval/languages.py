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


#: Question words as they are mistyped: they say nothing of a subject, and still what is asked for.
SLIPS = {"what": "hwat waht wat whats", "when": "wehn whne", "where": "wher whre", "who": "hwo"}

#: What people do with words, as a pattern of folded words: English ones in their forms, others by their beginnings.
SPEECH = (
    r"(?:(?:argu|announc|believ|claim|comment|declar|explain|mention|promis|react|respond|say|suggest|tell|think|tweet|writ)"
    r"(?:e|es|s|ed|d|ing)?|answer(?:s|ed)?|called|posted|repl(?:y|ies|ied)|said|thought|told|wrote|written"
    r"|(?:адказ|адрэаг|абяца|відпов|відреаг|вважа|говор|гавор|дума|заяв|заяў|каж|каза(?!х)|комент|коммент|камент|лічы|лічаць"
    r"|напис|напіс|обеща|обіця|объясн|ответ|отреаг|паведам|пиш|піш|повідом|пояс|растлумач|сказ|сообщ|счита|твіт|твит)\w*)"
)

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
            adn hte teh wich
        """).union(*map(_words, SLIPS.values())),
        greetings=_words("hello hi hey greetings howdy good morning afternoon evening"),
        thanks=_words("thanks thank thx cheers"),
        courtesies=_words("day there bot you so very much many a lot for your help answer"),
    ),
    Language(
        "uk",
        stop_words=_words("""
            а аби або абощо авжеж ага адже аж але аніж б без би бо був буває бувай буваю бувають буда буде буду будуть
            будь була були було бути в вам вами вас ваш ваша ваше ваші вашій вашим ваших вашого вашої вашому вже
            взагалі ви від він вона вони воно все всі всієї всією всій всім всіма всіх всьо всього всьому всю вся втім
            ге давай давайте даже де дехто дещо деяка деякі деякий деяких для до досі дотепер доти дуже є ее ет ж же
            жоден жодна жодне жодного жодної з за завдяки задля заради зате звідки звідкіля звідси звідти зі із її їй
            їм інакше їх їхнє їхні їхній їхніх їхнього їхньої їхню їхня іще й його йому ким кого коли колись кому
            котра котре котрі котрий котрого куда куди кудою ласка ледь либо лиш лише лишень має маємо маєте маєш
            мають мене мені ми міг мій мною могла могли могло мого могти моє моєї моєму може можемо можете можеш можна
            можу можуть мої моїй моїм моїх мою моя на навіть навіщо нам нами нас наскільки наче начебто наш наша наше
            наші нашій нашим нашими наших нашого нашої нашому нашу нащо не невже неї нема немає немов нехай нею ні
            ніби нібито ніж ній ним ними них ніяк ніякий ніяких ну нього ньому о об обидва обидві обох од однак ой
            окей оскільки ось осьде отак отакий отже ото отож отой отут оце оцей оці оця п пак підкажи підкажіть по
            повинен повинна повинні повинно поясни поясніть при причому про проте прошу розкажи розкажіть са сам самі
            самий самій самим самих самого самої свій свого своє своєї своєму своєю свої своїй своїм своїми своїх свою
            своя себе скажи скажіть скіки скільки скільком скількох скока собі собою стільки сюди та так така таке
            такі таки такий такій таким такими також такої такому такою таку там тая твій твого твоє твої твоїх твою
            твоя те тебе теж ти ті тієї тією тій тільки тим тіпа то тобі тобою тобто того тоді тож той тому ту туди
            туж тут у увесь угу усі усієї усім усіма усього усьому ух хай хіба хоть хоч хоча хто хтось це цей цею ці
            цієї цією цій цим цими цих цього цьому цю ця чи чиє чиї чий чим чия чо чого чогось чом чому чомуж чомусь
            ше шо шоб шось ще що щоб щоби щодо щойно щоправда щось як яка якась якби яке якесь які який якій якийсь
            яким якими якісь яких якихось яко якого якогось якої якоїсь якомога якому якось якою яку якусь якшо якщо
            яму
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
            а абы ага ах без бишь будет будто буду будут бы быв бывает бывают был была были было быть в вам вами вас
            ваш ваша ваше ваши ввиду ведь во возле вон вообще вот впрочем вроде все всего всей всем всеми всему всех
            всею вслед всю всякий вы где да давай давайте даже для до должен должна должно должны дык его ее ежели ей
            ему если есть еще ею же за зато зачем здесь и ибо из изо или им имеет имеется иметь имеют ими иначе итак
            их ихние ихний к кабы как кака какая какаято какие какието каким какими каких каков какова каково каковы
            какого какое какой какойто каком какому какую кем ко когда кого кое кой кому которая которого которое
            которой котором которому которую которые который которым которыми которых кстати кто ктото куда ладно ли
            либо лишь ль любая любого любое любой любые меня мне мной мною мог могла могли могло могу могут мое моего
            моей моем моему можем может можете можешь можно моим моих мой мол мочь моя мы на над нам нами нас
            насколько настолько насчет наш наша нашего нашей нашему нашим наших нашу не небось него нее нежели ней
            нельзя нем нему нет нету неужели нехай нечто ни никак никакой ними них но ну о об оба обе обо обоих
            объясни объясните однако он она они оно от откуда оттуда отчего очень перед по под подскажи подскажите
            пожалуйста потому почему поэтому поясни поясните при причем про прям пускай пусть раз разве расскажи
            расскажите с сам самая самое самые самый свое своего своей своем своему свои своим своими своих свой свою
            своя себе себя сего сей сие сих скажи скажите скока скоко сколь сколько следовательно словно со собой
            собою сюда та так такая также таки такие таким такими таких такого такое такой такому там твое твоего
            твоей твои твой твоя те тебя тем то тобой тогда того тоже той только том тому тою туда ты у угу уж уже ух
            хоть хотя че чево чего чей чем чо что чтоб чтобы чтоли чтото чу чье чьи чья шо што эй эта этаки этакий эти
            этим этими этих это этого этой этом этот этою эту эх я является являются якобы
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
            аб абедзве або абодва абодвух абы ага ад адкуль адкуля аднак адсюль адтуль акурат але альбо ані ась атож
            бадай бо будзе буду будуць бы бываюць была былі было быў быццам быць ва вам вамі вас ваш ваша вашага вашай
            вашаму вашу вашы вашым вашых вельмі вось вы гэная гэны гэных гэта гэтага гэтай гэтак гэтаму гэтаю гэтая
            гэткі гэту гэты гэтым гэтымі гэтых гэтыя да давай давайце дзе дзеля дзякуючы для ды дык ёй ейнае ейная
            ейны ейныя ён ёсць ёю жа з за зато згэтуль зь і ій ім імі іх іхні іхнія іхняе іхняя каб каго какой калі
            калісь каму каторага каторая каторы каторыя кім колькі куда кудой куды ласка лі ля магла маглі магло магу
            магчы мае маей маем маеце маеш маім маіх майго майму маюць мая мець мне мною мог могуць можа можам можаце
            можаш можна мой мы мяне на нават навошта навошто над наколькі нам намі нас настолькі наш наша нашага нашай
            наших нашто нашу нашым нашых не нельга ні нібы нібыта ніяк ніякі ну няма няўжо няхай о ой па павінен
            павінна павінны пад падкажы падкажыце паміж патлумач патлумачце пачаму паясніце перад пра праз при пры
            прычым раскажы раскажыце са сабе сабой сабою сам сама самая самі самы сваё свае сваей сваім сваімі сваіх
            свайго свайму сваю свая свой скажы скажыце сколькі скуль столькі су сюды сябе табе табой таго тады тае так
            такая такі такім такімі такіх такія такога такой такому таксама такую там тая твае твай твайго твая те то
            тое той толькі тою туды тут ты тым тымі тых у ў увесь ўжо ужо ўсе усе усім ўсім усімі усіх ўсіх усю ўся
            уся усяго усяму ух хай хаця хіба хоць хто хтось хтосьці цераз ці цябе чаго чаму чамусьці чо чыё чыіх чый
            чым чымсьці чыю чыя шо што штоб штобы штосьці эй я яго ягонае ягоная ягоны ягоныя яе як якая якаясьці які
            якім якімі якімсьці якісьці якіх якія якога якое якой якому якую яму яна яно яны яшчэ
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
