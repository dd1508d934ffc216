"""Labels with a QR code for lots and crates, in Japanese and English, on sheets of labels or singly.

The code holds the same URI that EPCIS events name the lot by: a GS1 Digital Link with a known GTIN, else
an address of the network's own. A crate's code is its lot's address and a number. All that a helper must
know stands beside it in words, so that a label is of use without a telephone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

from logistics.inventory import Goods
from logistics.inventory.epcis import Names
from logistics.model.errors import InvalidFact
from logistics.model.goods import Allergen
from logistics.model.units import Label
from logistics.reports.messages import LANGUAGES, catalogue
from logistics.reports.typeset import data_pdf

QUIET_MODULES = 4
"""Light modules around a code that its standard (ISO/IEC 18004) asks for."""
DATE_IDENTIFIERS = {Label.USE_BY: "17", Label.BEST_BEFORE: "15"}
"""GS1 application identifiers: 17 expiration date, 15 best before date."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A sheet: labels a row and a column; width and height of a label and of the page, in mm."""

    columns: int
    rows: int
    label_mm: tuple[float, float]
    page_mm: tuple[float, float] = (210, 297)


LAYOUTS: Mapping[str, Layout] = {
    "a4-24": Layout(3, 8, (70, 37)),
    "a4-12": Layout(2, 6, (105, 49.5)),
    "single": Layout(1, 1, (100, 62), (100, 62)),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """What bears a label: units of a lot at a place; crate `crate` of `crates`, or 0 for the lot."""

    goods: Goods
    place: str
    units: int
    crate: int = 0
    crates: int = 0


def crates_of(piece: Piece, per_crate: int) -> tuple[Piece, ...]:
    """A lot's units at a place in crates of so many units, of which the last may hold fewer."""
    if per_crate < 1:
        raise InvalidFact(f"units a crate must be >= 1, got {per_crate}")
    count = -(-piece.units // per_crate)
    return tuple(
        Piece(
            piece.goods,
            piece.place,
            min(per_crate, piece.units - per_crate * (number - 1)),
            number,
            count,
        )
        for number in range(1, count + 1)
    )


def uri_of(piece: Piece, names: Names) -> str:
    """What the code of a label holds; a Digital Link of a lot also says the label's date."""
    if piece.crate:
        return names.crate(piece.goods.id, piece.crate)
    goods = piece.goods
    identifier = DATE_IDENTIFIERS.get(goods.label)
    if goods.id not in names.gtins or identifier is None or goods.last_day is None:
        return names.lot(goods.id)
    return f"{names.lot(goods.id)}?{identifier}={goods.last_day:%y%m%d}"


def labels_pdf(
    pieces: Sequence[Piece],
    names: Names,
    allergens: Mapping[str, Allergen],
    layout: Layout,
    printed_on: date,
) -> bytes:
    """The labels of some pieces, in their order, as a tagged PDF."""
    data: dict[str, Any] = {
        "title": "ラベル Labels",
        "columns": layout.columns,
        "rows": layout.rows,
        "label_mm": layout.label_mm,
        "page_mm": layout.page_mm,
        "labels": [_label(piece, names, allergens) for piece in pieces],
    }
    return data_pdf("label.typ", data, printed_on)


def pages_of(count: int, layout: Layout) -> int:
    """How many pages so many labels fill."""
    return -(-count // (layout.columns * layout.rows))


def _label(piece: Piece, names: Names, allergens: Mapping[str, Allergen]) -> dict[str, Any]:
    goods, uri = piece.goods, uri_of(piece, names)
    crate = f"箱 crate {piece.crate}/{piece.crates}" if piece.crate else ""
    return {
        "qr": _code(uri),
        "uri": uri,
        "item": goods.item,
        "lot": goods.id,
        "place": piece.place,
        "units": piece.units,
        "crate": crate,
        "date": _date(goods),
        "storage": str(goods.storage),
        "storage_text": _both(f"storage_{goods.storage}"),
        "allergens": _contained(goods, allergens),
        "unchecked": _unchecked(goods, allergens),
    }


def _code(uri: str) -> str:
    """A QR code as SVG, error correction M: it reads with a seventh of it soiled."""
    import segno

    picture = BytesIO()
    code = segno.make_qr(uri, error="m")
    code.save(picture, kind="svg", border=QUIET_MODULES, xmldecl=False, light="white")
    return picture.getvalue().decode("utf-8")


def _lines(key: str, **values: object) -> tuple[str, ...]:
    """A text of the paper's catalogue in each language."""
    return tuple(catalogue(language)[key].format(**values) for language in LANGUAGES)


def _both(key: str) -> str:
    """A text of the paper's catalogue in both languages, on one line."""
    return " ".join(_lines(key))


def _date(goods: Goods) -> tuple[str, ...]:
    if goods.eat_by is not None:
        return _moment(goods.eat_by)
    if goods.last_day is None:
        return _lines("label_no_date")
    key = {Label.USE_BY: "use_by", Label.BEST_BEFORE: "best_before", Label.NONE: "good_until"}
    day = goods.last_day
    return _lines(key[goods.label], year=day.year, month=day.month, day=day.day)


def _moment(moment: datetime) -> tuple[str, ...]:
    return _lines("label_eat_by", moment=f"{moment:%Y-%m-%d %H:%M}")


def _contained(goods: Goods, allergens: Mapping[str, Allergen]) -> str:
    """The allergens declared, by name in both languages and with their codes."""
    if not goods.contains:
        return _both("label_contains_none")
    parts = [_allergen(code, allergens) for code in sorted(goods.contains)]
    return f"{_both('label_contains')}: {', '.join(parts)}"


def _allergen(code: str, allergens: Mapping[str, Allergen]) -> str:
    known = allergens.get(code)
    if known is None:
        return code
    return f"{known.name_ja} {known.name_en} [{code}]"


def _unchecked(goods: Goods, allergens: Mapping[str, Allergen]) -> tuple[str, ...]:
    """What is said of the others: all examined, some, or none. Unknown is never told as absent."""
    others = set(allergens) - goods.contains
    if others <= goods.checked:
        return _lines("label_others_checked")
    examined = goods.checked & others
    if not examined:
        return _lines("label_others_unknown")
    return _lines("label_others_partly", n=len(others - examined))


def in_order(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """Pieces by place and lot, the crates of a lot after each other."""
    return tuple(sorted(pieces, key=lambda piece: (piece.place, piece.goods.id, piece.crate)))
