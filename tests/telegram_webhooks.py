"""The methods with which the bot sets and looks at its webhook."""

import re

from tests import telegram_limits as limits
from tests.telegram_buttons import is_link
from tests.telegram_deliveries import is_here
from tests.telegram_limits import Json, Params, refuse
from tests.telegram_state import Telegram

PORTS = re.compile(r"https://(\[[^]]*\]|[^:/?#]+)(:(80|88|443|8443))?([/?#].*)?")
SECRET_TOKEN = re.compile("[A-Za-z0-9_-]{0,256}")


async def set_webhook(telegram: Telegram, params: Params) -> object:
    _check_url(params.get("url", ""))
    if not SECRET_TOKEN.fullmatch(params.get("secret_token", "")):
        refuse("secret token contains unallowed characters")
    limits.integer(params, "max_connections", 40, low=1, high=100)
    allowed, drop = limits.strings(params, "allowed_updates"), limits.boolean(params, "drop_pending_updates")
    telegram.updates.end_poll("Conflict: terminated by setWebhook request")
    telegram.updates.allow(allowed)
    await telegram.use_webhook({}, drop_pending_updates=drop)
    await telegram.use_webhook(params if params.get("url") else {})
    return True


async def delete_webhook(telegram: Telegram, params: Params) -> object:
    await telegram.use_webhook({}, drop_pending_updates=limits.boolean(params, "drop_pending_updates"))
    return True


async def get_webhook_info(telegram: Telegram, _params: Params) -> object:
    info: Json = {
        "url": telegram.webhook.get("url", ""),
        "has_custom_certificate": False,
        "pending_update_count": len(telegram.updates.waiting),
    }
    if telegram.delivery is not None:
        info["max_connections"] = limits.integer(telegram.webhook, "max_connections", 40)
        info |= telegram.delivery.last_error
    if telegram.updates.allowed:
        info["allowed_updates"] = telegram.updates.allowed
    return info


def _check_url(url: str) -> None:
    """Refuses an address that Telegram would not post to; on this machine any will do."""
    if not url or (is_link(url) and is_here(url)):
        return
    if not is_link(url, {"https"}):
        refuse("bad webhook: An HTTPS URL must be provided for webhook")
    if not PORTS.fullmatch(url):
        refuse("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
