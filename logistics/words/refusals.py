"""Why something cannot be, in the language of whoever asks."""

from __future__ import annotations

from logistics.model.errors import OsusowakeError, Refusal
from logistics.words import say


def refusal_text(language: str, error: OsusowakeError) -> str:
    """What an error says: in Japanese where its code has a phrase, else as it was raised."""
    if language == "en" or not isinstance(error, Refusal) or not error.code:
        return str(error)
    return say(language, f"refused_{error.code}", **error.values)
