"""What the bot offers inline: the results of an answer, each a message that somebody may send."""

import json
import re

from tests import telegram_limits as limits
from tests.telegram_buttons import is_link, keyboard_of
from tests.telegram_formatting import formatted_as
from tests.telegram_limits import Json, Params, as_object, as_string, refuse
from tests.telegram_records import SentMessage
from tests.telegram_state import Telegram, saying

RESULTS = 50
ID_BYTES = 64
OFFSET_BYTES = 64
START_PARAMETER = re.compile("[A-Za-z0-9_-]{1,64}")
#: Only articles are checked to the letter; of the other kinds the id is.
KINDS = {
    *("article", "audio", "contact", "document", "game", "gif", "location", "mpeg4_gif", "photo", "sticker"),
    *("venue", "video", "voice"),
}


async def answer_inline_query(telegram: Telegram, params: Params) -> object:
    limits.integer(params, "cache_time", 300, low=0)
    limits.boolean(params, "is_personal")
    if len(params.get("next_offset", "").encode()) > OFFSET_BYTES:
        refuse("NEXT_OFFSET_INVALID")
    if (button := limits.one_object(params, "button")) is not None:
        _check_button(button)
    results = limits.objects(params, "results")
    if len(results) > RESULTS:
        refuse("RESULTS_TOO_MUCH")
    for result in results:
        check_result(result)
    if len({as_string(result["id"], "id") for result in results}) < len(results):
        refuse("RESULT_ID_DUPLICATE")
    telegram.query_of(params.get("inline_query_id", ""), "inline_query").close(params)
    return True


async def answer_guest_query(telegram: Telegram, params: Params) -> object:
    result = limits.one_object(params, "result") or refuse(
        "can't parse inline query result: Can't find field \"result\""
    )
    check_result(result)
    query = telegram.query_of(params.get("guest_query_id", ""), "guest_message")
    inline = f"guest-{query.id}"
    telegram.inline_messages[inline] = telegram.unplaced_message() | message_fields(result)
    query.close(params)
    telegram.note_sent(SentMessage.of(telegram.inline_messages[inline], params, inline))
    return {"inline_message_id": inline}


def check_result(result: Json) -> None:
    """Refuses a result that Telegram would not offer."""
    for name in ("type", "id"):
        if name not in result:
            refuse(f"can't parse inline query result: Can't find field \"{name}\"")
    if result["type"] not in KINDS:
        refuse("can't parse inline query result: invalid inline query result type specified")
    result_id = as_string(result["id"], "inline query result id")
    if not 1 <= len(result_id.encode()) <= ID_BYTES:
        refuse("RESULT_ID_INVALID" if result_id else "RESULT_ID_EMPTY")
    if result["type"] == "article":
        _check_article(result)


def message_fields(result: Json) -> Json:
    """What a message says that was made of an article."""
    content = as_object(result["input_message_content"], "input_message_content")
    markup = result.get("reply_markup")
    said = formatted_as(content, "message_text", "parse_mode", "entities")
    return saying(said, None if markup is None else keyboard_of(markup, inline_only=True))


def results_of(answer: Params) -> dict[str, Json]:
    """The results of an answer, by id."""
    return {result["id"]: result for result in json.loads(answer["results"])}


def _check_article(article: Json) -> None:
    if not as_string(article.get("title", ""), "title").strip():
        refuse("ARTICLE_TITLE_EMPTY")
    for name in ("url", "thumbnail_url"):
        if name in article and not is_link(as_string(article[name], name)):
            refuse("WEBDOCUMENT_URL_INVALID" if name == "thumbnail_url" else "ARTICLE_URL_INVALID")
    as_string(article.get("description", ""), "description")
    content = as_object(article.get("input_message_content"), "input_message_content")
    if "message_text" not in content:
        refuse("can't parse inline query result: Can't find field \"message_text\"")
    as_object(content.get("link_preview_options", {}), "link_preview_options")
    message_fields(article)


def _check_button(button: Json) -> None:
    """Refuses a button above the results that leads nowhere."""
    if not as_string(button.get("text", ""), "button text").strip():
        refuse("SWITCH_PM_TEXT_EMPTY")
    if ("web_app" in button) == ("start_parameter" in button):
        refuse("START_PARAM_EMPTY")
    if "start_parameter" in button and not START_PARAMETER.fullmatch(
        as_string(button["start_parameter"], "start_parameter")
    ):
        refuse("START_PARAM_INVALID")
    if "web_app" in button and not is_link(str(as_object(button["web_app"], "web_app").get("url")), {"https"}):
        refuse("BUTTON_URL_INVALID")
