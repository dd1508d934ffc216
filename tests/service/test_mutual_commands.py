"""Two satellites help each other from the command line, and what must go soon is listed.

HUB and T1 stand about a kilometre apart. HUB has 10 units of rice (a meal and 500 g each) and 4 of milk,
whose last day is Wednesday 25 November; session V at HUB is on that Wednesday.
"""

from __future__ import annotations

import json
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


def nine_for_eight(capsys: pytest.CaptureFixture[str]) -> None:
    """Nine units of rice are offered at the hub, T1 lacks eight meals."""
    run(capsys, "init")
    run(capsys, "import", "week")
    run(capsys, "offer", "RICE", "--site", "HUB", "--units", "9", "--until", DAY)
    run(capsys, "need", "T1", "--meals", "8", "--on", DAY)


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
    # without a week nobody looked, and the list must not say that no session can use it
    alone = run(capsys, "expiring", "--now", "2026-11-25T09:00", "--json").json["expiring"]
    assert [(row["proposal"], row["sessions"]) for row in alone] == [("ask", [])]
    text = run(capsys, "expiring", "--now", "2026-11-25T09:00", "--lang", "en")
    assert "nobody looked which session can use it" in text.out
    assert (
        "Nothing has to go"
        in run(capsys, "expiring", "--now", "2026-11-01T09:00", "--lang", "en").out
    )


def test_what_is_agreed_on_is_kept_and_brought(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nine_for_eight(capsys)
    kept = run(capsys, "match", "week", "--accept", "--key", "k", "--json").json
    assert (kept["agreements"], kept["matches"][0]["units"]) == (["A1"], 6)  # room for 3 kg
    # 10 - 6 are free
    refused = run(
        capsys, "reserve", "RICE", "--site", "HUB", "--units", "5", "--for", "A", "--json"
    )
    assert (refused.code, refused.json["code"]) == (1, "not_free")
    said = run(
        capsys, "reserve", "RICE", "--site", "HUB", "--units", "5", "--for", "A", "--lang", "ja"
    )
    assert "5個の求めに対し、空きは4個です" in said.err
    assert run(capsys, "agree", "O1", "N1", "--units", "1", "--week", "week").code == 1  # no room
    more = run(capsys, "agree", "O1", "N1", "--units", "1", "--lang", "en").out
    assert more.startswith("A2: the units are kept")
    assert "was not looked at" in more
    moved = run(capsys, "transfer", "A1", "--units", "2", "--week", "week", "--json").json
    assert (moved["id"], moved["units"], moved["room_checked"]) == ("T1", 2, True)
    assert run(capsys, "withdraw", "A1", "--key", "w", "--json").json["repeated"] is False
    assert run(capsys, "withdraw", "A1", "--key", "w", "--json").json["repeated"] is False
    assert run(capsys, "transfer", "A1").code == 1
    assert run(capsys, "transfer", "O1", "N1").code == 2
    text = run(capsys, "trace", "RICE", "--lang", "en").out
    assert "moved  2  site HUB 本部 → site T1 つばめ (O1 N1)  #transfer:T1" in text
    assert (
        "移動  2  拠点 HUB 本部 → 拠点 T1 つばめ"
        in run(capsys, "trace", "RICE", "--lang", "ja").out
    )
    assert run(capsys, "reverse", "transfer:T1", "--reason", "slip").code == 0
    assert run(capsys, "audit").code == 0


def test_offers_become_rows_of_the_week_and_the_plan_shares_them(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """T1 gets 4 of the 10 rice as a lot of its own and offers them; a van can bring them to V."""
    run(capsys, "init")
    run(capsys, "import", "week")
    run(capsys, "split", "RICE", "--site", "HUB", "--units", "4", "--to", "RICE2")
    run(capsys, "move", "RICE2", "--from", "HUB", "--to", "T1", "--units", "4")
    run(capsys, "offer", "RICE2", "--site", "T1", "--units", "3", "--until", DAY)
    run(capsys, "offer", "MILK", "--site", "HUB", "--units", "1", "--until", DAY)
    left = run(capsys, "match", "week", "--out", "first", "--json").json
    assert (left["written"], left["left"]) == ([], {"O1": "part", "O2": "listed"})
    run(capsys, "withdraw", "O1")
    run(capsys, "offer", "RICE2", "--site", "T1", "--units", "4", "--until", DAY)
    # the next week has none of the old lots; its headings are Japanese, in the code page of Windows
    week = home / "next"
    week.mkdir()
    for name, text in FILES.items():
        later = text.replace("2026-11-23", "2026-12-07").replace("2026-11-25", "2026-12-09")
        (week / name).write_text(later, "utf-8")
    sites = FILES["sites.csv"] + "T1,O1,つばめ,satellite,34.86,135.62,3,,,08:00,18:00,5\n"
    (week / "sites.csv").write_text(sites, "utf-8")
    heads = "ロットID,拠点ID,団体ID,品名,食品群,温度帯,数量,単位重量g,単位食数,期限種別,期限"
    row = "BEANS,HUB,O1,豆,other,ambient,1,500,1,best_before,2099-12-31"
    (week / "lots.csv").write_bytes(f"{heads}\n{row}\n".encode("cp932"))
    (week / "vehicles.csv").write_text(FILES["vehicles.csv"] + "VAN,HUB,100,,,\n", "utf-8")
    (week / "shifts.csv").write_text(FILES["shifts.csv"] + "VAN,2026-12-09,08:00,18:00\n", "utf-8")
    done = run(capsys, "match", "next", "--out", "with", "--json").json
    assert (done["written"], done["left"]) == (["RICE2"], {"O2": "part"})
    assert run(capsys, "match", "next", "--out", "with").code == 2  # it has something in it
    assert run(capsys, "check", "with").code == 0
    assert run(capsys, "import", "with").code == 0  # the book finds the same goods and units
    assert run(capsys, "plan", "with", "--out", "out").code == 0
    plan = json.loads((home / "out" / "plan.json").read_text("utf-8"))
    given = [line for line in plan["allocation"]["lines"] if line["lot_id"] == "RICE2"]
    assert sum(line["units"] for line in given) == 4
    told = run(capsys, "publish", "with", "out/plan.json")
    assert told.code == 0, told.err


def test_goods_past_their_margin_are_given_only_with_a_reason(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "init")
    run(capsys, "import", "week")
    run(capsys, "reserve", "RICE", "--site", "HUB", "--units", "5", "--for", "A")
    run(capsys, "hold", "RICE", "--reason", "recall")
    refused = run(capsys, "settle", "RICE/1", "--json")
    assert (refused.code, refused.json["code"]) == (1, "held")
    assert run(capsys, "settle", "RICE/1", "--reason", "given before the call").code == 0
    again = run(capsys, "settle", "RICE/1", "--units", "1", "--reason", "x", "--json")
    assert again.json["code"] == "not_open"
    assert "(given before the call)" in run(capsys, "trace", "RICE", "--lang", "en").out


def test_what_is_wrong_with_a_match_is_said_in_japanese(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nine units are offered and eight meals are lacking: twenty are too many of both."""
    nine_for_eight(capsys)
    answer = run(capsys, "agree", "O1", "N1", "--units", "20", "--lang", "ja")
    assert answer.code == 1
    assert "提供 O1 と不足 N1: 空いている個数を超えています" in answer.err
    assert "提供 O1 と不足 N1: 足りない食数を超えています" in answer.err
    assert "誤り2件" in answer.err
