"""Labels are proven readable: the PDF is rendered to pixels and its QR codes are read from them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO

import pypdf
import pypdfium2
import pytest
import zxingcpp

from logistics.intake.allergens import known_allergens
from logistics.inventory import Goods, goods_of
from logistics.inventory.epcis import Names
from logistics.model.errors import InvalidFact
from logistics.model.units import Label, Storage
from logistics.reports.labels import LAYOUTS, Piece, crates_of, in_order, labels_pdf, uri_of
from service.commands.labels import LAYOUT_NAMES
from tests.inventory import world

DOTS_PER_INCH = 203  # the usual label printer
EVERY = frozenset(known_allergens())


def goods(lot_id: str = "RICE", **more: object) -> Goods:
    problem = world.week([world.lot(lot_id, 10, item="お米 ２kg", **more)])
    return goods_of(problem.lots[lot_id], problem)


def pdf_of(*pieces: Piece, layout: str = "a4-24", names: Names | None = None) -> bytes:
    return labels_pdf(
        pieces, names or Names(), known_allergens(), LAYOUTS[layout], date(2026, 11, 23)
    )


def codes_in(pdf: bytes) -> list[str]:
    """What a reader finds on the pages, as a printer of labels would print them."""
    pages = pypdfium2.PdfDocument(pdf)
    pictures = [page.render(scale=DOTS_PER_INCH / 72).to_pil() for page in pages]
    found = sorted(code.text for each in pictures for code in zxingcpp.read_barcodes(each))
    pages.close()
    return found


def lowest_mm(pdf: bytes) -> float:
    """How far below the upper edge of the first page its lowest character ends."""
    pages = pypdfium2.PdfDocument(pdf)
    words = pages[0].get_textpage()
    bottom = min(words.get_charbox(n)[1] for n in range(words.count_chars()))
    found = (pages[0].get_height() - bottom) / 72 * 25.4
    words.close()
    pages.close()
    return found


def text_of(pdf: bytes) -> str:
    raw = "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf)).pages)
    return "".join(raw.replace("\u200b", "").split())


@pytest.mark.parametrize("layout", LAYOUT_NAMES)
def test_every_code_can_be_read_from_the_paper(layout: str) -> None:
    names = Names("https://foodbank.example.org/takatsuki")
    ids = ("RICE", "パン 1/2", "A" * 40)
    pieces = [Piece(goods(lot_id), "HUB", 10) for lot_id in ids]
    expected = sorted(names.lot(lot_id) for lot_id in ids)
    assert codes_in(pdf_of(*pieces, layout=layout, names=names)) == expected


def test_a_sheet_breaks_into_pages() -> None:
    pieces = [Piece(goods(f"L{n:02}"), "HUB", n) for n in range(1, 26)]
    pdf = pdf_of(*pieces)
    assert len(pypdf.PdfReader(BytesIO(pdf)).pages) == 2
    assert len(codes_in(pdf)) == 25


def test_the_words_say_what_a_helper_must_know() -> None:
    shown = goods(
        label=Label.USE_BY,
        last_day=date(2026, 11, 25),
        storage=Storage.CHILLED,
        contains=frozenset({"egg", "wheat"}),
        checked=frozenset({"egg", "wheat", "milk"}),
    )
    text = text_of(pdf_of(Piece(shown, "T1", 7)))
    for words in ("お米", "消費期限2026/11/25", "useby2026-11-25", "冷蔵Chilled", "7個units"):
        assert words in text
    for words in (
        "卵Egg[egg]",
        "小麦Wheat[wheat]",
        f"その他{len(EVERY) - 3}品目は未確認(不明)",
        "lotRICE",
    ):
        assert words in text


@pytest.mark.parametrize(
    ("contains", "checked", "words"),
    [
        ((), (), "その他は未確認(不明)"),
        (("egg",), ("egg",), "その他は未確認(不明)"),
        (("egg",), EVERY, "その他は確認済み(なし)"),
        ((), EVERY, "アレルゲンの表示なし"),
    ],
)
def test_what_was_not_examined_is_never_told_as_absent(
    contains: tuple[str, ...], checked: tuple[str, ...], words: str
) -> None:
    shown = goods(contains=frozenset(contains), checked=frozenset(checked))
    assert words in text_of(pdf_of(Piece(shown, "T1", 7)))


def test_however_many_allergens_all_stand_on_the_smallest_label() -> None:
    pdf = pdf_of(Piece(goods(contains=EVERY, checked=EVERY), "T1", 7))
    assert lowest_mm(pdf) < LAYOUTS["a4-24"].label_mm[1]
    text = text_of(pdf)
    for code in EVERY:
        assert f"[{code}]" in text
    assert codes_in(pdf_of(Piece(goods(contains=EVERY), "T1", 7))) == [Names().lot("RICE")]


@pytest.mark.parametrize(
    ("label", "uri"),
    [
        (Label.USE_BY, "/01/04901234567894/10/RICE?17=261125"),
        (Label.BEST_BEFORE, "/01/04901234567894/10/RICE?15=261125"),
        (Label.NONE, "/01/04901234567894/10/RICE"),
    ],
)
def test_a_digital_link_says_the_labels_date(label: Label, uri: str) -> None:
    names = Names(gtins={"RICE": "04901234567894"})
    piece = Piece(goods(label=label, last_day=date(2026, 11, 25)), "HUB", 10)
    assert uri_of(piece, names) == f"https://id.example.org{uri}"
    assert codes_in(pdf_of(piece, names=names)) == [f"https://id.example.org{uri}"]


def test_crates_share_the_units_and_have_names_of_their_own() -> None:
    crates = crates_of(Piece(goods(), "HUB", 10), 4)
    assert [(crate.units, crate.crate, crate.crates) for crate in crates] == [
        (4, 1, 3), (4, 2, 3), (2, 3, 3),
    ]  # fmt: skip
    pdf = pdf_of(*crates, names=Names(gtins={"RICE": "04901234567894"}))
    base = "https://id.example.org/lot/RICE/crate/"
    assert codes_in(pdf) == [f"{base}1", f"{base}2", f"{base}3"]
    assert "箱crate2/3" in text_of(pdf)
    with pytest.raises(InvalidFact, match="crate"):
        crates_of(crates[0], 0)


def test_labels_come_by_place_and_lot() -> None:
    rice = Piece(goods(), "T1", 1)
    milk = Piece(goods("MILK"), "T1", 1)
    assert in_order([rice, milk, replace(rice, place="HUB")]) == (
        replace(rice, place="HUB"),
        milk,
        rice,
    )


def test_the_command_knows_every_layout() -> None:
    assert set(LAYOUT_NAMES) == set(LAYOUTS)
