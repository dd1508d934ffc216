"""Who helps whom, against every possible answer of small cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from logistics.solver.mutual import Arc, assign

Answer = tuple[list[Fraction], int]


def arc(offer: str, need: str, meals: int = 1, metres: int = 1000, room: str = "") -> Arc:
    return Arc(offer, need, Fraction(meals), 1000, room or need, (offer, need), metres)


def worth(sent: Sequence[int], meals: Mapping[str, Fraction], arcs: Sequence[Arc]) -> Answer:
    """The sorted fractions of the needs, and minus the metres of the pairs in use."""
    got = {a.need_id: Fraction(0) for a in arcs}
    for a, n in zip(arcs, sent, strict=True):
        got[a.need_id] += n * a.pack_meals
    used = {a.pair: a.metres for a, n in zip(arcs, sent, strict=True) if n}
    return sorted(got[need] / meals[need] for need in got), -sum(used.values())


def allowed(
    packs: Mapping[str, int],
    meals: Mapping[str, Fraction],
    room_g: Mapping[str, int],
    arcs: Sequence[Arc],
) -> Iterator[tuple[int, ...]]:
    """Every answer within offers, needs and rooms."""
    for sent in product(*(range(packs[a.offer_id] + 1) for a in arcs)):
        told = list(zip(arcs, sent, strict=True))
        if (
            all(sum(n for a, n in told if a.offer_id == o) <= most for o, most in packs.items())
            and all(
                sum(n * a.pack_meals for a, n in told if a.need_id == d) <= most
                for d, most in meals.items()
            )
            and all(
                sum(n * a.pack_g for a, n in told if a.room == r) <= most
                for r, most in room_g.items()
            )
        ):
            yield sent


def test_thirty_units_for_two_needs_by_fractions() -> None:
    # 30 meals for needs of 40 and 20: both get one half
    meals = {"N1": Fraction(40), "N2": Fraction(20)}
    room = {"N1": 99_000, "N2": 99_000}
    assert assign({"O1": 30}, meals, room, [arc("O1", "N1"), arc("O1", "N2")]) == {
        ("O1", "N1"): 20,
        ("O1", "N2"): 10,
    }


def test_a_full_room_leaves_more_for_the_other() -> None:
    # N1 has room for 5 kg: 5 of 40; N2 gets all of its 20
    meals = {"N1": Fraction(40), "N2": Fraction(20)}
    room = {"N1": 5_000, "N2": 99_000}
    assert assign({"O1": 30}, meals, room, [arc("O1", "N1"), arc("O1", "N2")]) == {
        ("O1", "N1"): 5,
        ("O1", "N2"): 20,
    }


def test_the_nearer_of_two_equal_offers() -> None:
    arcs = [arc("O1", "N1", metres=9_000), arc("O2", "N1", metres=2_000)]
    assert assign({"O1": 5, "O2": 5}, {"N1": Fraction(5)}, {"N1": 9_000}, arcs) == {("O2", "N1"): 5}


def test_nothing_to_match() -> None:
    assert assign({}, {}, {}, []) == {}
    assert assign({"O1": 3}, {"N1": Fraction(0)}, {"N1": 9_000}, [arc("O1", "N1")]) == {}


@st.composite
def cases(draw: st.DrawFn) -> tuple[dict[str, int], dict[str, Fraction], dict[str, int], list[Arc]]:
    offers = [f"O{n}" for n in range(draw(st.integers(1, 2)))]
    needs = [f"N{n}" for n in range(draw(st.integers(1, 3)))]
    some = st.integers(1, 3)
    meals_of = {offer: draw(some) for offer in offers}
    arcs = [
        arc(offer, need, meals_of[offer], 1000 * draw(some))
        for offer in offers
        for need in needs
        if draw(st.integers(0, 3))
    ]
    return (
        {offer: draw(st.integers(0, 3)) for offer in offers},
        {need: Fraction(draw(st.integers(1, 6)), draw(st.integers(1, 2))) for need in needs},
        {need: 1000 * draw(st.integers(0, 4)) for need in needs},
        arcs,
    )


@settings(max_examples=60, deadline=None)
@given(cases())
def test_no_answer_is_better(
    case: tuple[dict[str, int], dict[str, Fraction], dict[str, int], list[Arc]],
) -> None:
    packs, meals, room, arcs = case
    found = assign(packs, meals, room, arcs)
    sent = tuple(found.get((a.offer_id, a.need_id), 0) for a in arcs)
    everything = list(allowed(packs, meals, room, arcs))
    assert sent in everything
    assert worth(sent, meals, arcs) == max(worth(each, meals, arcs) for each in everything)
