"""The bot: a command, a conversation and its Telegram side around `retrieval`."""
