"""A shortfall's reason in words: from its code and plain values to text and fix, in any language.

A plan carries codes, identifiers and numbers only (`Reason.params`); this is the one place that
turns them into sentences, for the plan's own text and for the page alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from logistics.model.problem import WeekProblem
from logistics.words import listing, say

Params = Mapping[str, Any]
SHOWN_REFUSALS = 3


def worded(language: str, code: str, params: Params, problem: WeekProblem) -> tuple[str, str]:
    """Text and fix of a reason; an unknown code or missing values give the code itself.

    `params` may hold: `household`, `session`, `site` as identifiers, `date` in ISO form, `n`, `items`
    lot identifiers, `refusals` pairs of code and count, `groups` food groups, `storage`, `meals`,
    `why`, and `fix` with its own `code` and values (`kinds` names of kinds, `codes` allergens, `when`
    a phrase).
    """
    try:
        text = say(language, code, **_values(language, params, problem))
        fix = params.get("fix")
        if not fix:
            return text, ""
        return text, say(language, fix["code"], **_values(language, fix, problem))
    except (KeyError, IndexError, TypeError, ValueError, AttributeError):
        return code, ""


def _values(language: str, params: Params, problem: WeekProblem) -> dict[str, object]:
    """Plain values as they read in a sentence."""
    said: dict[str, object] = dict(params)
    if "items" in params:
        names = [f"{problem.lots[lot_id].item} ({lot_id})" for lot_id in params["items"]]
        said["items"] = listing(language, names)
    if "refusals" in params:
        refused = [say(language, f"refusal_{code}", n=n) for code, n in params["refusals"]]
        said["refusals"] = listing(language, refused, most=SHOWN_REFUSALS)
    if "groups" in params:
        said["group"] = listing(language, [say(language, f"group_{g}") for g in params["groups"]])
    if "storage" in params:
        said["storage"] = say(language, f"storage_{params['storage']}")
    if "site" in params:
        said["site"] = problem.sites[params["site"]].name
    if "kinds" in params:
        said["kind"] = _kinds(language, params["kinds"], params.get("codes", ()), problem)
        said["when"] = say(language, params["when"], **{**params, "date": params.get("date", "")})
    return said


def _kinds(language: str, kinds: Sequence[str], codes: Sequence[str], problem: WeekProblem) -> str:
    """Kinds of food joined: `halal food and food that keeps without a fridge`."""
    names = [_allergen(language, code, problem) for code in codes]
    said = [say(language, kind, codes=listing(language, names)) for kind in kinds or ("kind_any",)]
    joined = said[0]
    for more in said[1:]:
        joined = say(language, "kind_join", a=joined, b=more)
    return joined


def _allergen(language: str, code: str, problem: WeekProblem) -> str:
    allergen = problem.allergens.get(code)
    if allergen is None:
        return code
    return allergen.name_ja if language == "ja" else allergen.name_en
