"""A plan's reasons in the language of the page.

A plan carries its reasons as a code with values, but some of the values, and the fix, are phrases in
the language it was planned in. They are read back here with the catalogue that wrote them
(`logistics.words`) and said again; what is no phrase of the catalogue stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from logistics.model.goods import Allergen
from logistics.model.plan import Reason
from logistics.words import LANGUAGES, catalogue, say

BLANK = re.compile(r"\\{(\w+)\\}")
SHARE = "group_share"
COMMA = {"ja": "、", "en": ", "}


@dataclass(frozen=True, slots=True)
class Said:
    """A reason in words: why, and what would help."""

    text: str
    fix: str


@dataclass(frozen=True, slots=True)
class Interpreter:
    """Says phrases of one language in another."""

    source: str
    target: str
    allergens: Mapping[str, Allergen]

    def phrase(self, text: str, prefix: str) -> str:
        """A phrase whose key begins with a prefix, with the phrases in its blanks."""
        for key, pattern in patterns(self.source, prefix):
            match = pattern.fullmatch(text)
            if match:
                values = {name: self.value(name, said) for name, said in match.groupdict().items()}
                return say(self.target, key, **values)
        return text

    def value(self, name: str, text: str) -> str:
        """What stands in a blank: a phrase of its own for some names, else the same in every tongue."""
        readers: dict[str, Callable[[str], str]] = {
            "refusals": lambda value: self.each(value, lambda one: self.phrase(one, "refusal_")),
            "items": lambda value: self.each(value, str),
            "codes": lambda value: self.each(value, self.allergen),
            "kind": self.kinds,
            "when": lambda value: self.phrase(value, "when_"),
            "group": lambda value: self.phrase(value, "group_"),
            "storage": lambda value: self.phrase(value, "storage_"),
        }
        return readers[name](text) if name in readers else text

    def each(self, text: str, say_one: Callable[[str], str]) -> str:
        """A list of phrases that may end in "and 3 more"."""
        (_, more), *_ = patterns(self.source, "and_more")
        match = more.fullmatch(text)
        if match:
            shown = self.each(match["shown"], say_one)
            return say(self.target, "and_more", shown=shown, n=match["n"])
        return COMMA[self.target].join(map(say_one, text.split(COMMA[self.source])))

    def kinds(self, text: str) -> str:
        """Kinds of food joined.

        A kind may hold the joining sign itself, so the shortest last part that is a kind counts.
        """
        joint = catalogue(self.source)["kind_join"].format(a="", b="")
        at = text.rfind(joint)
        while at > 0:
            last = text[at + len(joint) :]
            said = self.phrase(last, "kind_")
            if said != last:
                return say(self.target, "kind_join", a=self.kinds(text[:at]), b=said)
            at = text.rfind(joint, 0, at)
        return self.phrase(text, "kind_")

    def allergen(self, name: str) -> str:
        """An allergen's name."""
        for allergen in self.allergens.values():
            names = {"ja": allergen.name_ja, "en": allergen.name_en}
            if names[self.source] == name:
                return names[self.target]
        return name


@cache
def patterns(language: str, prefix: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Keys that begin with a prefix and the shape of their phrases; those with most words first."""
    found = [
        (key, phrase)
        for key, phrase in catalogue(language).items()
        if key.startswith(prefix) and key != "kind_join"
    ]
    found.sort(key=lambda entry: -len(BLANK.sub("", re.escape(entry[1]))))
    return tuple(
        (key, re.compile(BLANK.sub(r"(?P<\1>.+)", re.escape(phrase)))) for key, phrase in found
    )


def said_in(
    language: str, reasons: Sequence[Reason], allergens: Mapping[str, Allergen]
) -> tuple[Said, ...]:
    """The reasons of a household in a language, each once; food groups at their share as one.

    A reason that the catalogue does not know stays as the plan has it.
    """
    said = [
        _said(language, reason, allergens) for reason in reasons if not _is_share(language, reason)
    ]
    shares = [reason for reason in reasons if _is_share(language, reason)]
    if shares:
        groups = [
            Interpreter(_source(reason, language), language, allergens).value(
                "group", str(reason.params["group"])
            )
            for reason in shares
        ]
        group = COMMA[language].join(dict.fromkeys(groups))
        text = say(language, SHARE, **{**shares[0].params, "group": group})
        said.append(Said(text, say(language, "fix_share", group=group)))
    return tuple(dict.fromkeys(said))


def _said(language: str, reason: Reason, allergens: Mapping[str, Allergen]) -> Said:
    source = _source(reason, language)
    if source == language:
        return Said(_worded(language, reason) or reason.text or reason.code, reason.fix)
    interpreter = Interpreter(source, language, allergens)
    values = {name: interpreter.value(name, str(said)) for name, said in reason.params.items()}
    return Said(say(language, reason.code, **values), interpreter.phrase(reason.fix, "fix_"))


def _source(reason: Reason, language: str) -> str:
    """The language that a reason is written in; the one asked for if none can be told."""
    fitting = [each for each in LANGUAGES if _worded(each, reason) == reason.text]
    return fitting[0] if fitting else language


def _is_share(language: str, reason: Reason) -> bool:
    return reason.code == SHARE and _worded(language, reason) is not None


def _worded(language: str, reason: Reason) -> str | None:
    """The reason's own phrase with its values, or None if they do not fit together."""
    try:
        return say(language, reason.code, **reason.params)
    except (KeyError, IndexError, ValueError):
        return None
