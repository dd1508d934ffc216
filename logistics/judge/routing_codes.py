"""Every code a finding about a solution of a bare routing problem can carry, in English and Japanese."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from logistics.judge.codes import Code
from logistics.model.errors import Finding

_CODES = (
    Code("route_shape", "a part of the solution is not of its kind", "解の項目の型が違います"),
    Code("route_kind", "drives a vehicle that there is not", "存在しない車種です"),
    Code("route_node", "calls at what is no visit", "訪問先ではありません"),
    Code("route_twice", "a visit is made more than once", "同じ訪問が重複しています"),
    Code("route_vehicles", "more vehicles are used than there are", "車両数が上限を超えています"),
    Code("route_trips", "a vehicle makes too many trips", "車両の便数が上限を超えています"),
    Code("route_capacity", "more is on board than the vehicle holds", "積載量が容量を超えています"),
    Code("route_window", "a visit starts after its window", "時間枠に間に合いません"),
    Code(
        "route_release",
        "a trip would be in time only if it left before its goods are there",
        "出荷可能時刻より前に出発しないと間に合いません",
    ),
    Code("route_shift", "a vehicle is not back in time", "車両の終了時刻に間に合いません"),
    Code(
        "route_pair",
        "a pickup and its drop are not on one trip in that order",
        "集荷と配送が同じ便でこの順になっていません",
    ),
)

ROUTE_CODES: Mapping[str, Code] = MappingProxyType({code.code: code for code in _CODES})
"""All codes by name."""


def found(code: str, message: str, *ids: object) -> Finding:
    """A finding about a solution under a registered code."""
    return Finding(ROUTE_CODES[code].code, message, ids=tuple(map(str, ids)))
