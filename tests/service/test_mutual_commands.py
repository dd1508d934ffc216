"""Two satellites help each other from the command line, and what must go soon is listed.

HUB and T1 stand about a kilometre apart. HUB has 10 units of rice (a meal and 500 g each) and 4 of milk,
whose last day is Wednesday 25 November; session V at HUB is on that Wednesday.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.service.test_book_commands import FILES, run

DAY = "2099-11-26"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with the week in `week/`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("OSUSOWAKE_DB", raising=False)
    (tmp_path / "week").mkdir()
    more = {
        "sites.csv": "T1,O1,つばめ,satellite,34.86,135.62,3,,,08:00,18:00,5\n",
        "lots.csv": "MILK,HUB,O1,牛乳,dairy,ambient,4,0,1000,1,1,use_by,2026-11-25,,,,,none,all,"
        "none,\n",
    }
    for name, text in FILES.items():
        text = text.replace("2027-11-30", "2099-12-31") + more.get(name, "")
        (tmp_path / "week" / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_two_satellites_from_their_words_to_the_trace_and_back(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "init")
    assert run(capsys, "import", "week").code == 0
    offer = ("offer", "RICE", "--site", "HUB", "--units", "9", "--until", DAY)
    assert run(capsys, *offer, "--lang", "en").out == "O1: offered\n"
    need = ("need", "T1", "--meals", "8", "--food-group", "staple", "--on", DAY)
    assert run(capsys, *need, "--json").json["id"] == "N1"
    found = run(capsys, "match", "week", "--json").json
    # T1 has room for 3 kg, 6 units: 6 of 8 meals
    assert [(m["offer"], m["need"], m["units"]) for m in found["matches"]] == [("O1", "N1", 6)]
    assert found["still_lacking"] == {"N1": "2"}
    text = run(capsys, "match", "week", "--lang", "en").out
    assert "HUB calls T1: 6 units of RICE" in text
    assert "N1: 2 meals are still lacking" in text
    assert "T1" in run(capsys, "match", "week", "--lang", "ja").out
    over = run(capsys, "transfer", "O1", "N1", "--units", "7", "--week", "week")
    assert (over.code, "has room for 3000" in over.err) == (1, True)
    moved = run(capsys, "transfer", "O1", "N1", "--units", "6", "--week", "week", "--json")
    assert moved.json["id"] == "T1"
    stock = {row["site_id"]: row["on_hand"] for row in run(capsys, "expiring", "--days", "40000",
             "--site", "T1", "--json").json["expiring"]}  # fmt: skip
    assert stock == {"T1": 6}
    assert run(capsys, "trace", "RICE").code == 0
    assert run(capsys, "withdraw", "T1", "--lang", "en").out == "T1: withdrawn\n"
    assert "before" in run(capsys, "withdraw", "T1", "--lang", "en").out
    assert run(capsys, "withdraw", "O1").code == 0
    assert run(capsys, "match", "week", "--lang", "en").out.startswith("No open offer")
    assert run(capsys, "withdraw", "X").code == 1


def test_the_daily_list_and_what_it_proposes(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "init")
    run(capsys, "import", "week")

    def proposal(now: str) -> tuple[str, str, str, list[tuple[str, int, int]]]:
        answer = run(capsys, "expiring", "--week", "week", "--now", now, "--json")
        (row,) = answer.json["expiring"]
        sessions = [(s["session_id"], s["households"], s["units"]) for s in row["sessions"]]
        return row["proposal"], row["issue_until"], row["last_day"], sessions

    # a day of margin: the Wednesday session comes a day too late for the milk
    tuesday, wednesday = "2026-11-24", "2026-11-25"
    assert proposal("2026-11-24T09:00") == ("offer", tuesday, wednesday, [])
    assert proposal("2026-11-25T23:59")[0] == "offer"
    assert proposal("2026-11-26T00:00")[0] == "discard"
    lots = (home / "week" / "lots.csv").read_text(encoding="utf-8")
    later = lots.replace("use_by,2026-11-25", "use_by,2026-11-26")
    (home / "week" / "lots.csv").write_text(later, encoding="utf-8")
    assert run(capsys, "import", "week").code == 0
    # A wants 4 and B wants 2 meals, 4 units are there
    assert proposal("2026-11-25T09:00")[::3] == ("use", [("V", 2, 4)])
    assert proposal("2026-11-25T12:00")[0] == "offer"  # the session is over
    text = run(capsys, "expiring", "--week", "week", "--now", "2026-11-25T09:00", "--lang", "ja")
    assert "受け取れる世帯2、4個まで" in text.out
    assert (
        "Nothing has to go"
        in run(capsys, "expiring", "--now", "2026-11-01T09:00", "--lang", "en").out
    )
