"""Names for the world outside: Digital Links where a GTIN is known, plain addresses elsewhere."""

from __future__ import annotations

import pytest

from logistics.inventory.epcis import EXAMPLE_BASE, Names, base_of, gtin_of
from logistics.model.errors import InvalidFact

BASE = EXAMPLE_BASE


def test_a_gtin_makes_a_digital_link() -> None:
    names = Names(gtins={"RICE": gtin_of("4901234567894")})
    assert names.lot("RICE") == f"{BASE}/01/04901234567894/10/RICE"
    assert Names(gtins={"A/1(b)": gtin_of("49123456")}).lot("A/1(b)") == (
        f"{BASE}/01/00000049123456/10/A%2F1%28b%29"
    )
    assert Names().lot("米 1/2") == f"{BASE}/lot/%E7%B1%B3%201%2F2"


@pytest.mark.parametrize("text", ["4901234567893", "12345", "490123456789x", ""])
def test_a_wrong_gtin_is_refused(text: str) -> None:
    with pytest.raises(InvalidFact, match="GTIN"):
        gtin_of(text)


def test_a_lot_that_is_no_gs1_lot_number_gets_no_digital_link() -> None:
    for lot_id in ("米", "A" * 21):
        with pytest.raises(InvalidFact, match="lot number"):
            Names(gtins={lot_id: gtin_of("4901234567894")})


@pytest.mark.parametrize("text", ["", "id.example.org", "ftp://x", "https://a?b", "https://a b"])
def test_a_wrong_base_is_refused(text: str) -> None:
    with pytest.raises(InvalidFact, match="base"):
        base_of(text)


def test_a_slash_at_the_end_of_a_base_is_nothing() -> None:
    assert base_of(f"{BASE}/") == BASE


def test_a_crate_is_no_digital_link() -> None:
    names = Names(gtins={"RICE": gtin_of("4901234567894")})
    assert names.crate("RICE", 3) == f"{BASE}/lot/RICE/crate/3"
