"""What the things are that events name: places and donors by name, lots by item and date.

Attributes are those of CBV 2.0's master data. Only what the events of the same document name is told,
and of households nothing: they share one URI, and have no name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from logistics.inventory.entries import Account, AccountKind
from logistics.inventory.epcis.names import Names
from logistics.inventory.goods import Goods
from logistics.model.units import Label

Json = dict[str, Any]

LOT_CLASS, PLACE, PARTY = (
    f"urn:epcglobal:epcis:vtype:{name}" for name in ("EPCClass", "BusinessLocation", "SourceDest")
)
DATES = {Label.USE_BY: "itemExpirationDate", Label.BEST_BEFORE: "bestBeforeDate"}


def master_data(
    events: Iterable[Json], goods: Mapping[str, Goods], places: Mapping[Account, str], names: Names
) -> Json:
    """The header of a document: a vocabulary for lots, places and donors, each with what events name."""
    said = set(_texts(list(events)))
    lots = [_element(names.lot(each.id), _facts(each)) for _, each in sorted(goods.items())]
    sites, donors = [], []
    for account, name in sorted(places.items(), key=lambda pair: pair[0].id):
        if account.kind is AccountKind.SITE:
            sites.append(_element(names.site(account.id), {"name": name}))
        elif account.kind is AccountKind.DONOR:
            donors.append(_element(names.organisation(account.id), {"name": name}))
    told = ((LOT_CLASS, lots), (PLACE, sites), (PARTY, donors))
    kept = [(kind, [each for each in elements if each["id"] in said]) for kind, elements in told]
    vocabularies = [
        {"type": kind, "vocabularyElementList": elements} for kind, elements in kept if elements
    ]
    return {"epcisMasterData": {"vocabularyList": vocabularies}}


def _facts(goods: Goods) -> dict[str, str]:
    facts = {"descriptionShort": goods.item}
    if goods.last_day is not None and goods.label in DATES:
        facts[DATES[goods.label]] = goods.last_day.isoformat()
    return facts


def _element(uri: str, facts: Mapping[str, str]) -> Json:
    attributes = [
        {"id": f"urn:epcglobal:cbv:mda#{name}", "attribute": value} for name, value in facts.items()
    ]
    return {"id": uri, "attributes": attributes}


def _texts(value: object) -> Iterator[str]:
    """Every text in lists and mappings, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
