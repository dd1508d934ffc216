"""The page: the week in two languages, whole without JavaScript, nobody's home on it."""

from __future__ import annotations

import gzip
import re
from dataclasses import replace
from fractions import Fraction
from html.parser import HTMLParser

import pytest

from logistics.model.errors import Finding
from logistics.model.places import HotMealRun
from logistics.model.plan import Reason, Unmet
from service.pages.words import language_of
from tests.judge.good_facts import TUE
from tests.service.web import Client, client_of, good_shown

VOID = {"meta", "link", "img", "br", "rect"}


@pytest.fixture
def client() -> Client:
    return client_of(good_shown())


class Outline(HTMLParser):
    """What a screen reader finds: headings, landmarks, captions; and whether every tag is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.headings: list[int] = []
        self.count: dict[str, int] = {}
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.unlabelled: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.count[tag] = self.count.get(tag, 0) + 1
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if str(given.get("href", "")).startswith("#"):
            self.targets.append(str(given["href"])[1:])
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag in ("nav", "section") and not {"aria-label", "aria-labelledby"} & given.keys():
            self.unlabelled.append(tag)
        if tag == "img" and "alt" not in given:
            self.unlabelled.append(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_page_has_an_outline_for_those_who_do_not_see_it(client: Client, language: str) -> None:
    text = client.get(f"/?lang={language}").text
    outline = Outline(text)
    assert f'<html lang="{language}">' in text
    assert outline.open == []
    assert outline.unlabelled == []
    assert outline.headings[0] == 1
    assert outline.headings.count(1) == 1
    steps = zip(outline.headings, outline.headings[1:], strict=False)
    assert all(after - before <= 1 for before, after in steps)
    assert outline.count["main"] == outline.count["header"] == outline.count["footer"] == 1
    assert outline.count["table"] == outline.count["caption"]
    assert len(set(outline.ids)) == len(outline.ids)
    assert set(outline.targets) <= set(outline.ids)


def test_numbers_of_the_good_week(client: Client) -> None:
    """27 of 28 meals, 4 of 6 households served, lowest level 1/2, 6 kg of milk expire, 43 km."""
    text = _plain(client.get("/?lang=en").text)
    assert "Meals given 27 of 28 wanted (96%)" in text
    assert "Households served 4 of 6; 1 get less than they want" in text
    assert "Lowest level 50% over the weeks; this week the least is 83%, the mean 95%" in text
    assert "Expires unused 6.0 kg" in text
    assert "Driving 43.0 km 3.6 vehicle hours" in text
    assert "Fairness Proven optimal" in text
    assert "accepts this plan" in text
    # C had no past; F had 2 of 4 and wants nothing now
    assert "new → 83%" in text
    assert "50% → 50%" in text
    assert "5 of 6 1 short" in text


def test_it_says_in_both_languages_that_it_is_read_only_and_local(client: Client) -> None:
    assert "Read-only, on this machine only." in client.get("/?lang=en").text
    assert "閲覧専用、この端末だけで動いています。" in client.get("/?lang=ja").text


def test_reasons_of_a_plan_made_in_english_are_japanese_on_the_japanese_page(
    client: Client,
) -> None:
    english, japanese = (_plain(client.get(f"/?lang={lang}").text) for lang in ("en", "ja"))
    assert (
        "C already gets as much other food as the share for one food group allows; 2 meals"
        in english
    )
    assert (
        "Cに間に合う食品は全部で1食分で、すべて配り終えています（crackers (CRACKER)）。" in japanese
    )
    assert "Cのその他は、1つの食品群の上限まで入っています（残り2食分は" in japanese
    assert "不使用を確認済み・そのまま食べられる）があと1食分あれば" in japanese
    assert "should fill the gap" not in japanese


def test_days_routes_and_leftovers(client: Client) -> None:
    text = _plain(client.get("/?lang=en").text)
    # V1 on Tuesday: A and B, 10 rice etc. (10 + 5 + 3 = 18 meals with A's 10 and B's 8)
    assert "Session V1: S1 15:00–17:00, 2 households, 18 meals" in text
    assert re.search(r"D: window \d\d:\d\d–\d\d:\d\d, planned 13:05", text)
    # out 11:40, kitchen 11:55, bento ready at noon
    assert "11:55–12:05 waits until 12:00" in text
    assert "rice (RICE) HUB 13" in text
    left = text[text.index("Left over, and what becomes of it") :]
    assert left.index("Expires") < left.index("Not collected") < left.index("Keeps for next week")
    assert "Home of D" in text


def test_the_filter_works_without_javascript(client: Client) -> None:
    every = client.get("/?lang=en").text
    short = client.get("/?lang=en&show=short").text
    assert _rows(every) == ["D", "F", "C", "A", "B", "E"]  # lowest level first, left-out last
    assert _rows(short) == ["C"]
    assert 'href="/?lang=ja&amp;show=short"' in short  # the language keeps the filter
    assert 'aria-current="true">Short 1</a>' in short


def test_nobody_short(client: Client) -> None:
    shown = good_shown()
    plan = replace(shown.plan, allocation=replace(shown.plan.allocation, unmet=()))
    text = client_of(replace(shown, plan=plan)).get("/?lang=en&show=short").text
    assert "No household is short this week." in text


def test_a_hot_meal_run_is_compared_with_the_cooked_meals_of_its_day() -> None:
    """Tuesday: 3 + 2 bento are cooked; the run wanted 50."""
    shown = good_shown()
    problem = replace(shown.problem, runs=(HotMealRun("R1", TUE, "S1", 50),))
    text = _plain(client_of(replace(shown, problem=problem)).get("/?lang=en").text)
    assert "R1, Tue 7 April, S1: 5 of 50 cooked meals are given that day." in text


def test_a_refused_plan_is_shown_as_refused() -> None:
    findings = tuple(Finding("stock_short", f"rice: {n} missing") for n in range(7))
    client = client_of(good_shown(verdict=findings))
    english, japanese = (_plain(client.get(f"/?lang={lang}").text) for lang in ("en", "ja"))
    assert "refuses this plan (7 findings)" in english
    assert "rice: 4 missing" in english
    assert "rice: 5 missing" not in english
    assert "and 2 more" in english
    assert "在庫が足りません (rice: 0 missing)" in japanese
    assert "accepts" not in english


def test_text_from_the_data_is_escaped() -> None:
    shown = good_shown()
    problem = replace(shown.problem, name='<script>alert("1")</script>')
    reasons = (Reason("undriveable", {"why": "<b>x</b>"}, "", "<i>"),)
    unmet = (Unmet("C", Fraction(1), reasons),)
    plan = replace(shown.plan, allocation=replace(shown.plan.allocation, unmet=unmet))
    text = client_of(replace(shown, problem=problem, plan=plan)).get("/").text
    assert "<script" not in text
    assert "<b>x</b>" not in text
    assert "&lt;b&gt;x&lt;/b&gt;" in text


def test_no_home_is_on_page_or_map(client: Client) -> None:
    shown = good_shown()
    households = {
        name: replace(household, lat=12.3456789 + index, lon=98.7654321)
        for index, (name, household) in enumerate(shown.problem.households.items())
    }
    problem = replace(shown.problem, households=households)
    elsewhere = client_of(replace(shown, problem=problem))
    page = elsewhere.get("/").text
    assert "12.34" not in page
    assert "98.76" not in page
    # the map does not depend on where anybody lives
    assert elsewhere.get("/maps/week.svg").content == client.get("/maps/week.svg").content


def test_the_first_page_is_light(client: Client) -> None:
    sent = len(client.get("/").content) + len(client.get("/static/style.css").content)
    assert sent < 200_000
    packed = client.get("/", {"accept-encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert len(gzip.compress(packed.content)) < 20_000


@pytest.mark.parametrize(
    ("asked", "accepted", "language"),
    [
        ("en", "ja", "en"),
        ("ja", "en", "ja"),
        (None, "en-GB,en;q=0.9,ja;q=0.8", "en"),
        (None, "ja,en;q=0.9", "ja"),
        (None, "fr, en;q=0.2, ja;q=0.1", "en"),
        (None, "en;q=0, ja;q=0.1", "ja"),
        (None, "en;q=bad", "ja"),
        (None, "pt-BR", "ja"),
        ("xx", "en", "en"),
        (None, None, "ja"),
    ],
)
def test_the_language(asked: str | None, accepted: str | None, language: str) -> None:
    assert language_of(asked, accepted) == language


def test_the_browsers_language_is_taken(client: Client) -> None:
    answer = client.get("/", {"accept-language": "en-US,en;q=0.9"})
    assert answer.headers["content-language"] == "en"
    assert "Accept-Language" in answer.headers["vary"]
    assert client.get("/").headers["content-language"] == "ja"


def _plain(page: str) -> str:
    """The page's text with single spaces."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def _rows(page: str) -> list[str]:
    """Households in the order of the table."""
    table = page[page.index('class="stack people"') : page.index('<section id="levels"')]
    return re.findall(r'<th role="rowheader" scope="row">(\w+)<small>', table)
