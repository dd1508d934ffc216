"""Every code a finding of the judge can carry, with its meaning in English and Japanese."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Code:
    """A stable finding code and what it means, one line per language."""

    code: str
    en: str
    ja: str


_REFERENCES = (
    Code("unknown_household", "names a household the week does not have", "存在しない世帯です"),
    Code("unknown_lot", "names a lot the week does not have", "存在しないロットです"),
    Code("unknown_session", "names a session the week does not have", "存在しない配布会です"),
    Code("unknown_vehicle", "names a vehicle the week does not have", "存在しない車両です"),
    Code("unknown_site", "names a site the week does not have", "存在しない拠点です"),
    Code(
        "unknown_volunteer", "names a driver who is not on that shift", "その勤務にいない担当者です"
    ),
    Code("unknown_cap", "names a capacity the week does not have", "存在しない容量制約です"),
    Code("bad_units", "units that move must be 1 or more", "動かす数量は1以上でなければなりません"),
    Code("duplicate_line", "the same handout is listed twice", "同じ配布が二重に記載されています"),
)

_ELIGIBILITY = (
    Code("label_date", "handed out too close to its last day", "期限までの余裕日数が足りません"),
    Code(
        "cooked_too_old", "a cooked meal is handed out too late", "調理済み食品の提供が遅すぎます"
    ),
    Code("allergen", "contains an allergen the household avoids", "避けるべきアレルゲンを含みます"),
    Code("allergen_unknown", "an avoided allergen was not checked", "アレルゲンが未確認です"),
    Code("diet", "does not fit the household's diet", "食の制限に合いません"),
    Code("kitchen", "the household lacks the kitchen it needs", "必要な調理設備がありません"),
    Code("cold", "the household cannot keep it cold", "家庭で冷蔵・冷凍保管できません"),
    Code(
        "no_storage",
        "a site on its way has no storage of its class",
        "経由拠点に保管設備がありません",
    ),
    Code(
        "not_offered",
        "the household is not offered this session or visit",
        "対象外の配布会・訪問です",
    ),
    Code(
        "line_day",
        "the date is not the day of the session or visit",
        "配布日が開催日・訪問日と違います",
    ),
    Code("pinned", "a pin forbids it", "固定指定で禁止されています"),
)

_AMOUNTS = (
    Code(
        "pack_broken",
        "units are no whole multiple of the pack",
        "数量が梱包単位の倍数ではありません",
    ),
    Code("supply_exceeded", "more is given than the lot has free", "配布可能数を超えています"),
    Code(
        "overserved", "a pack more than the household wanted", "希望量より1梱包以上多く配っています"
    ),
    Code("group_share", "too much of one food group", "同じ食品群に偏りすぎています"),
    Code(
        "cooked_portion", "more cooked meals a day than members", "調理済み食品が世帯人数を超えます"
    ),
    Code("sessions_max", "the household attends too many sessions", "参加する配布会が多すぎます"),
    Code(
        "households_max", "a session serves too many households", "配布会の世帯数が上限を超えます"
    ),
    Code("pin_units", "a pin asks for other units", "固定指定の数量と違います"),
)

_FLOWS = (
    Code("wrong_loading", "loaded where the lot may not be loaded", "積み込み場所が規則に反します"),
    Code(
        "bypasses_hub", "collected goods do not go to the hub", "集荷品が拠点倉庫に運ばれていません"
    ),
    Code(
        "collected_twice",
        "a donor's lot is collected more than once",
        "同じロットを二度集荷しています",
    ),
    Code("not_ready", "used before it is ready", "準備完了前に使われています"),
    Code("collected_late", "collected after the donor's deadline", "集荷期限を過ぎています"),
    Code("arrival_day", "reaches a session's site on the wrong day", "配布会への到着日が違います"),
    Code("stranded", "driven somewhere though nobody gets it there", "受け取り手のない輸送です"),
    Code("stock_short", "a site gives away what it does not have", "在庫が足りません"),
    Code("held_units", "units on hold leave their site", "保留中の在庫が動いています"),
    Code("too_late", "not there when the session opens", "配布会の開始に間に合いません"),
    Code("over_capacity", "a site's storage is too full", "拠点の保管容量を超えています"),
)

_DRIVING = (
    Code(
        "route_twice", "one vehicle has two routes on one day", "同じ日に車両の経路が二つあります"
    ),
    Code("outside_shift", "driven outside one shift", "勤務時間外の運行です"),
    Code(
        "trip_not_home",
        "a trip does not begin and end at home",
        "便の始点・終点が基地ではありません",
    ),
    Code(
        "first_stop",
        "a trip's first stop must start on arrival",
        "最初の停車の到着と開始が違います",
    ),
    Code("trips_overlap", "a trip starts before the last one ended", "便の時間が重なっています"),
    Code("leg_missing", "the travel table lacks a leg that is driven", "移動表に区間がありません"),
    Code(
        "leg_differs", "the travel table contradicts the week's own", "移動表が週の指定値と違います"
    ),
    Code(
        "arrival_time",
        "arrival is not departure plus travel time",
        "到着時刻が移動時間と合いません",
    ),
    Code("start_early", "service starts before arrival", "到着前に作業が始まっています"),
    Code("service_short", "leaves before the service is done", "作業時間が足りません"),
    Code("receive_hours", "goods move outside receiving hours", "受け入れ時間外の荷扱いです"),
    Code("window_missed", "the visit is outside its window", "訪問時間帯の外です"),
    Code("visited_twice", "a household is visited more than once", "同じ世帯を二度訪問しています"),
    Code("not_visited", "goods for a door, but no visit", "訪問がありません"),
    Code(
        "visit_goods",
        "the door does not get exactly its lines",
        "訪問先の荷下ろしが配布内容と違います",
    ),
    Code(
        "loaded_at_door", "goods are loaded at a household's door", "世帯の玄関で積み込んでいます"
    ),
    Code(
        "break_missing",
        "the driver has no break as the shift says",
        "休憩がシフトの指定どおりではありません",
    ),
    Code("crew_short", "a visit needs more people than drive", "訪問の人数が足りません"),
    Code(
        "not_qualified",
        "nobody who drives has the qualification of a visit",
        "訪問に必要な資格を持つ人がいません",
    ),
    Code("hours_exceeded", "more hours than a volunteer has", "担当者の上限時間を超えています"),
    Code("break_worked", "drives or serves during the break", "休憩中に運転・作業をしています"),
    Code("not_on_board", "unloads what is not on board", "積んでいない荷を下ろしています"),
    Code("not_empty", "the vehicle is not empty at the trip's end", "便の終わりに荷が残っています"),
    Code(
        "no_vehicle", "the vehicle has no compartment of the class", "車両に必要な荷室がありません"
    ),
    Code("over_compartment", "a compartment is too full", "荷室の容量を超えています"),
    Code("cold_minutes", "out of the cold for too long", "保冷時間の上限を超えています"),
    Code("trip_metres", "a trip's metres are not the sum of its legs", "便の距離が合いません"),
    Code("trip_seconds", "a trip's seconds do not match its stops", "便の所要時間が合いません"),
)

_NUMBERS = (
    Code("digest", "the plan was made for other data", "計画の元データが違います"),
    Code(
        "fill_rows", "`fill` lacks, repeats or adds a household", "充足表の世帯に過不足があります"
    ),
    Code("fill_numbers", "a number in `fill` is wrong", "充足表の数値が違います"),
    Code(
        "unmet_rows", "`unmet` lacks, repeats or adds a household", "不足表の世帯に過不足があります"
    ),
    Code("unmet_numbers", "a number in `unmet` is wrong", "不足表の数値が違います"),
    Code(
        "leftover_rows",
        "`leftover` lacks, repeats or adds a lot",
        "残余表のロットに過不足があります",
    ),
    Code(
        "leftover_numbers", "units, site or fate in `leftover` is wrong", "残余表の内容が違います"
    ),
    Code("metrics", "a metric differs from the recomputed one", "指標が再計算と違います"),
)

_LEVELS = (
    Code(
        "level_stage", "a level's stage or proof is of no known kind", "水準の段階・証明が不明です"
    ),
    Code(
        "level_rows", "each household stands at exactly one level", "水準表の世帯に過不足があります"
    ),
    Code("level_order", "levels must rise, each listed once", "水準が昇順ではありません"),
    Code("level_value", "a household does not stand at its level", "世帯の水準が再計算と違います"),
    Code("bound_below_level", "the upper bound is below the level", "上界が水準を下回っています"),
    Code(
        "level_unexplained", "short, but nothing is named as scarce", "不足の要因が示されていません"
    ),
    Code(
        "held_by_unproven",
        "blames a vehicle on an unproven cut",
        "未証明のまま車両を要因としています",
    ),
    Code("status_claim", "optimal is claimed but not proven", "最適性の主張に証明がありません"),
    Code(
        "stage_gap",
        "gap, objective and bound contradict each other",
        "ギャップの値が矛盾しています",
    ),
    Code(
        "stage_status", "a stage's status contradicts its numbers", "段階の状態が数値と矛盾します"
    ),
    Code(
        "stage_routes",
        "a stage's number is not that of the routes",
        "段階の値がルートと合いません",
    ),
)

_CERTIFICATES = (
    Code(
        "certificate_unknown",
        "a certificate names what the week does not have, or twice",
        "証明書が存在しない対象を挙げているか、同じ対象を二度挙げています",
    ),
    Code(
        "certificate_number",
        "weights and prices must be whole numbers from 1",
        "証明書の重みと価格は1以上の整数でなければなりません",
    ),
    Code(
        "certificate_bound",
        "a certificate's bound is not what follows from its numbers",
        "証明書の上界が重みと価格から導かれません",
    ),
    Code(
        "certificate_low",
        "a certificate bounds a level by less than was reached",
        "証明書の上界が達成済みの水準を下回っています",
    ),
    Code(
        "certificate_loose",
        "a tighter bound than the certificate's is called proven",
        "証明書より厳しい上界を証明済みとしています",
    ),
)

_PAST = (
    Code(
        "driven_changed",
        "a trip that was driven is not as it was",
        "すでに走った便が変わっています",
    ),
    Code(
        "handed_out_changed",
        "what was handed out already is not as it was",
        "すでに渡したものが変わっています",
    ),
    Code(
        "driven_in_past",
        "a trip that is not driven yet begins before now, or with a stranded car",
        "まだ走っていない便が過去に始まるか、故障した車を使っています",
    ),
)

CODES: Mapping[str, Code] = MappingProxyType(
    {
        code.code: code
        for family in (
            *(_REFERENCES, _ELIGIBILITY, _AMOUNTS, _FLOWS),
            *(_DRIVING, _NUMBERS, _LEVELS, _CERTIFICATES, _PAST),
        )
        for code in family
    }
)
"""All codes in the order of docs/rules.md, by name."""
