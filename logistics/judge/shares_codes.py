"""Every code a finding about a bare fair share can carry, in English and Japanese."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from logistics.judge.codes import Code
from logistics.model.errors import Finding

_LINES = (
    Code("share_types", "a part of the result is not of its kind", "結果の項目の型が違います"),
    Code(
        "share_columns", "the columns of the result do not fit together", "結果の列が一致しません"
    ),
    Code(
        "share_ineligible", "a lot goes to a household that may not have it", "渡せないロットです"
    ),
    Code("share_negative", "an amount is below zero", "数量が負です"),
    Code("share_duplicate", "the same line is listed twice", "同じ行が二重に記載されています"),
    Code("share_pack", "an amount is no whole multiple of the pack", "入数の整数倍ではありません"),
    Code("share_supply", "more of a lot is given than there is", "在庫を超えて渡しています"),
    Code("share_capacity", "more is given than a capacity allows", "容量制約を超えています"),
    Code("share_received", "received is not min(wanted, given)", "受取食数が再計算と違います"),
    Code("share_overserved", "a household is given more than it may", "必要以上に渡しています"),
)

_LEVELS = (
    Code(
        "share_level_rows",
        "each household stands at exactly one level",
        "水準表の世帯に過不足があります",
    ),
    Code("share_level_order", "levels must rise, each listed once", "水準が昇順ではありません"),
    Code(
        "share_level_value",
        "a household does not stand at its level",
        "世帯の水準が再計算と違います",
    ),
    Code(
        "share_bound",
        "the upper bound is below the level or above all wishes",
        "上界が水準を下回るか、希望を超えています",
    ),
    Code("share_held_by", "what is named as scarce cannot be", "不足の要因が誤っています"),
    Code("share_status", "the status contradicts the levels", "状態が水準と矛盾します"),
)

_PACKS = (
    Code(
        "share_pack_left",
        "a pack is left that one who is short could have",
        "足りない世帯に渡せるものが残っています",
    ),
    Code(
        "share_pack_move",
        "one pack would do more for another household",
        "一つを他世帯へ移せば改善できます",
    ),
)

_CERTIFICATE = (
    Code("share_unproven", "a level is claimed without a certificate", "水準に証明がありません"),
    Code("chain_shape", "the chain of tight sets is malformed", "タイト集合の鎖の形が不正です"),
    Code(
        "chain_packs",
        "a chain proves nothing where packs differ in size",
        "入数の食数が異なり鎖では証明できません",
    ),
    Code(
        "chain_loose",
        "a tight set is not given exactly what is cut",
        "タイト集合の受取がカットと一致しません",
    ),
    Code(
        "chain_uncovered",
        "a tight set can reach more than what is cut",
        "カットされていない経路があります",
    ),
    Code(
        "chain_unfair",
        "a household could rise by one that stands better",
        "他世帯から移せば改善できます",
    ),
    Code("prices_shape", "the prices of a level are malformed", "双対価格の形が不正です"),
    Code(
        "prices_uncovered",
        "a way to a household costs less than its weight",
        "価格が重みを下回る経路があります",
    ),
    Code(
        "prices_support",
        "weight on one who stands higher, or none on one who is short",
        "重みの付く世帯が誤っています",
    ),
    Code(
        "prices_gap",
        "the weighted receipts do not reach the prices' sum",
        "受取の重み付き合計が価格の合計と一致しません",
    ),
)

SHARE_CODES: Mapping[str, Code] = MappingProxyType(
    {code.code: code for family in (_LINES, _LEVELS, _PACKS, _CERTIFICATE) for code in family}
)
"""All codes by name."""


def found(code: str, message: str, *ids: str) -> Finding:
    """A finding about a result under a registered code."""
    return Finding(SHARE_CODES[code].code, message, ids=ids)
