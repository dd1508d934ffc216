"""Acts with goods from the command line, in both languages and as JSON.

The week of `test_book_commands`: 10 units of rice of 500 g stand at the hub, 6 of them promised.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.service.test_book_commands import home, published, run

__all__ = ["home"]

Capture = pytest.CaptureFixture[str]


def test_hold_prints_what_it_blocks_and_nothing_is_issued(home: Path, capsys: Capture) -> None:
    published(capsys)
    held = run(capsys, "hold", "RICE", "--reason", "回収", "--lang", "en")
    assert held.code == 0
    assert "RICE now at HUB: 10 units" in held.out
    assert "promised: 4 units to household A" in held.out
    assert "promised: 2 units to household B" in held.out
    name = held.out.split("osusowake unhold ")[1].split("\n")[0]
    refused = run(capsys, "reserve", "RICE", "--site", "HUB", "--units", "1", "--for", "C")
    assert (refused.code, "held" in refused.err) == (1, True)
    refused = run(capsys, "split", "RICE", "--site", "HUB", "--units", "1", "--to", "N", "--json")
    assert (refused.code, refused.json["ok"], "held" in refused.json["error"]) == (1, False, True)
    lifted = run(capsys, "unhold", name, "--lang", "ja")
    assert (lifted.code, "解除しました" in lifted.out) == (0, True)
    assert run(capsys, "unhold", name).code == 1


def test_repack_with_a_loss_and_its_undoing(home: Path, capsys: Capture) -> None:
    published(capsys)
    told = ("repack", "RICE", "--site", "HUB", "--units", "4", "--to", "BAG", "--new-units", "1")
    short = run(capsys, *told, "--unit-g", "1900", "--json")
    assert (short.code, "state a loss of 100 g" in short.json["error"]) == (
        1,
        True,
    )  # 4 x 500 - 1900
    packed = run(
        capsys, *told, "--unit-g", "1900", "--loss-g", "100", "--reason", "spilt", "--json"
    )
    assert (packed.json["loss_g"], packed.json["places"]["BAG"]) == (100, {"HUB": 1})
    assert run(capsys, "reverse", packed.json["id"], "--reason", "no").code == 0
    half = run(capsys, "split", "RICE", "--site", "HUB", "--units", "4", "--to", "HALF", "--json")
    assert half.json["places"] == {"RICE": {"HUB": 6}, "HALF": {"HUB": 4}}
    undone = run(capsys, "reverse", half.json["id"], "--reason", "no", "--json")
    assert undone.json["places"] == {"RICE": {"HUB": 10}, "HALF": {}}
    again = run(capsys, "reverse", half.json["id"], "--reason", "no", "--lang", "en")
    assert (again.code, "undone before" in again.err) == (1, True)


def test_a_promise_by_hand_in_part_and_the_rest(home: Path, capsys: Capture) -> None:
    published(capsys)
    made = run(
        capsys, "reserve", "RICE", "--site", "HUB", "--units", "3", "--for", "C", "--json"
    ).json
    assert (made["units"], made["free"]) == (3, 1)  # 10 - 6 of the plan - 3
    name = made["reservation_id"]
    assert run(capsys, "settle", name, "--units", "2", "--json").json["open"] == 1
    assert run(capsys, "release", name, "--json").json["free"] == 2
    too_many = run(capsys, "discard", "RICE", "--site", "HUB", "--units", "3", "--reason", "wet")
    assert (too_many.code, "2 are free" in too_many.err) == (1, True)
    key = ("--key", "k1", "--json")
    waste = ("discard", "RICE", "--site", "HUB", "--units", "2", "--reason", "wet", *key)
    assert run(capsys, *waste).json == run(capsys, *waste).json


def test_wrong_usage_and_unknown_names(home: Path, capsys: Capture) -> None:
    published(capsys)
    assert run(capsys, "reserve", "RICE", "--site", "HUB", "--units", "1").code == 2
    assert (
        run(capsys, "discard", "RICE", "--site", "HUB", "--units", "0", "--reason", "x").code == 2
    )
    assert run(capsys, "move", "RICE", "--from", "HUB", "--to", "MOON", "--units", "1").code == 1
    assert run(capsys, "merge", "RICE", "--site", "HUB", "--to", "N").code == 1
    assert run(capsys, "hold", "NONE", "--reason", "x").code == 1
    meals = ("repack", "RICE", "--site", "HUB", "--units", "1", "--to", "N", "--new-units", "1")
    assert run(capsys, *meals, "--unit-g", "500", "--unit-meals", "many").code == 2
