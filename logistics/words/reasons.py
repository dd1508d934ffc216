"""A shortfall's reason in words: from its code and plain values to text and fix, in any language.

A plan carries codes, identifiers and numbers only (`Reason.params`); this is the one place that
turns them into sentences, for the plan's own text and for the page alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from logistics.model.problem import WeekProblem
from logistics.model.units import Kitchen
from logistics.words import day_text, listing, say

Params = Mapping[str, Any]
SHOWN_REFUSALS = 3
SHOWN_LOTS = 3


def worded(language: str, code: str, params: Params, problem: WeekProblem) -> tuple[str, str]:
    """Text and fix of a reason; an unknown code or missing values give the code itself.

    `params` may hold: `household`, `session`, `site` as identifiers, `date` in ISO form, `n`, `items`
    lot identifiers, `refusals` pairs of code and count, `groups` food groups, `storage`, `meals`,
    `why`, `kinds` names of conditions with their allergens `codes`, and `fix` with its own `code` and
    values (`when` a phrase, `gift` a kind of food; one that is `sure` also has `gain`, `others` and
    `orgs`).
    """
    try:
        text = say(language, code, **_values(language, params, problem))
        fix = params.get("fix")
        return text, _fix(language, fix, problem) if fix else ""
    except (KeyError, IndexError, TypeError, ValueError, AttributeError):
        return code, ""


def _fix(language: str, fix: Params, problem: WeekProblem) -> str:
    """What would help; if it was planned again, how many meals more that gives, and whom to ask."""
    what = fix_in_words(language, fix, problem)
    if "gain" not in fix:
        return what
    names = [problem.organisations[org_id].name for org_id in fix["orgs"]]
    return say(
        language,
        "sure_gain",
        what=what,
        household=fix["household"],
        gain=fix["gain"],
        how=say(language, f"sure_{fix['how']}"),
        others=say(language, "sure_others", n=fix["others"]) if fix["others"] else "",
        full=say(language, "sure_full", n=fix["full"]) if fix["full"] > fix.get("n", 0) else "",
        phone=say(language, "sure_phone", orgs=listing(language, names)) if names else "",
    )


def fix_in_words(language: str, fix: Params, problem: WeekProblem) -> str:
    """What a fix asks for, without what it brings."""
    return say(language, fix["code"], **_values(language, fix, problem))


def _values(language: str, params: Params, problem: WeekProblem) -> dict[str, object]:
    """Plain values as they read in a sentence."""
    said: dict[str, object] = dict(params)
    if "items" in params:
        said["items"] = lots_in_words(language, params["items"], problem)
    if "refusals" in params:
        refused = [say(language, f"refusal_{code}", n=n) for code, n in params["refusals"]]
        said["refusals"] = listing(language, refused, most=SHOWN_REFUSALS)
    if "groups" in params:
        said["group"] = listing(language, [say(language, f"group_{g}") for g in params["groups"]])
    if "storage" in params:
        said["storage"] = say(language, f"storage_{params['storage']}")
    if "site" in params:
        said["site"] = problem.sites[params["site"]].name
    if "codes" in params:
        said["codes"] = allergen_names(language, params["codes"], problem)
    if "kinds" in params:
        any_food = say(language, "kind_any")
        said["kind"] = _with_conditions(language, any_food, params["kinds"], params, problem)
    if "people" in params:
        said["people"] = listing(language, list(params["people"]))
    if params.get("date"):
        said["date"] = day_text(language, date.fromisoformat(params["date"]))
    if "when" in params:
        said["when"] = say(language, params["when"], **{"date": "", **said})
    if "gift" in params:
        said["food"] = food_in_words(language, params["gift"], problem)
    return said


def lots_in_words(language: str, lot_ids: Sequence[str], problem: WeekProblem) -> str:
    """A few lots by name, many as a count with the commonest food groups."""
    lots = [problem.lots[lot_id] for lot_id in lot_ids]
    if len(lots) <= SHOWN_LOTS:
        return listing(language, [f"{lot.item} ({lot.id})" for lot in lots])
    groups = Counter(str(lot.food_group) for lot in lots).most_common()
    counted = [
        say(language, "group_count", group=say(language, f"group_{group}"), n=n)
        for group, n in groups
    ]
    return say(language, "lots_in_all", n=len(lots), groups=listing(language, counted, most=6))


def food_in_words(language: str, gift: Params, problem: WeekProblem) -> str:
    """A kind of food to ask for: `ambient staples (halal, needs a microwave at most)`."""
    noun, conditions = noun_in_words(language, gift), conditions_in_words(language, gift, problem)
    return say(language, "kind_of", noun=noun, conditions=conditions) if conditions else noun


def noun_in_words(language: str, gift: Params) -> str:
    """Food group and storage of a kind of food."""
    storage = say(language, f"storage_{gift['storage']}")
    return say(language, "food_in", storage=storage, group=say(language, f"group_{gift['group']}"))


def conditions_in_words(language: str, gift: Params, problem: WeekProblem) -> str:
    """What a kind of food must be beside its group and storage; empty if nothing."""
    kinds = ["kind_without"] if gift["codes"] else []
    kinds += [f"kind_{diet}" for diet in gift["diets"]]
    if gift["kitchen"] != Kitchen.FULL:
        kinds.append(f"kind_kitchen_{gift['kitchen']}")
    return _joined(language, kinds, gift, problem)


def _with_conditions(
    language: str, noun: str, kinds: Sequence[str], params: Params, problem: WeekProblem
) -> str:
    """Food with what it must be in brackets."""
    conditions = _joined(language, kinds, params, problem)
    return say(language, "kind_of", noun=noun, conditions=conditions) if conditions else noun


def _joined(language: str, kinds: Sequence[str], params: Params, problem: WeekProblem) -> str:
    """Conditions one after the other; empty if there are none."""
    codes = allergen_names(language, params.get("codes", ()), problem)
    joined = ""
    for kind in kinds:
        said = say(language, kind, codes=codes)
        joined = say(language, "kind_join", a=joined, b=said) if joined else said
    return joined


def allergen_names(language: str, codes: Sequence[str], problem: WeekProblem) -> str:
    """Allergens by their names."""
    return listing(language, [_allergen(language, code, problem) for code in codes], most=8)


def _allergen(language: str, code: str, problem: WeekProblem) -> str:
    allergen = problem.allergens.get(code)
    if allergen is None:
        return code
    return allergen.name_ja if language == "ja" else allergen.name_en
