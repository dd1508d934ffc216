"""Why goods were thrown away, in few classes.

Reasons in the book are free text, written in a hurry by people who know the households. Nothing of that
text may leave the house, so it is sorted by words into classes; what fits none is *other*.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Cause(StrEnum):
    """A class of reasons for waste."""

    EXPIRED = "expired"
    RECALL = "recall"
    TEMPERATURE = "temperature"
    DAMAGED = "damaged"
    SPOILT = "spoilt"
    UNCOLLECTED = "uncollected"
    OTHER = "other"


WORDS: Mapping[Cause, tuple[str, ...]] = MappingProxyType(
    {
        Cause.RECALL: ("回収", "リコール", "recall"),
        Cause.EXPIRED: ("期限", "expired", "expiry", "past its date", "out of date", "best before"),
        Cause.TEMPERATURE: (
            *("温度", "冷蔵", "冷凍", "保冷", "停電", "解凍", "溶け"),
            *("temperature", "fridge", "freezer", "thaw", "power cut", "too warm", "cold chain"),
        ),
        Cause.DAMAGED: (
            *("破損", "破れ", "つぶれ", "潰れ", "割れ", "落と", "落下", "漏れ", "濡れ"),
            *("damage", "broken", "crushed", "dropped", "leak", "torn", "wet"),
        ),
        Cause.SPOILT: ("腐", "傷み", "いたみ", "カビ", "かび", "mould", "mold", "spoil", "rotten"),
        Cause.UNCOLLECTED: (
            *("不在", "受け取りなし", "引き取りなし", "来所なし", "余り"),
            *("not home", "no-show", "no show", "not collected", "left over", "leftover"),
        ),
    }
)
"""Words that tell a class, tried in this order; Latin ones in lower case."""


def cause_of(reason: str) -> Cause:
    """The class of a reason written by hand."""
    text = reason.casefold()
    found = (cause for cause, words in WORDS.items() if any(word in text for word in words))
    return next(found, Cause.OTHER)
