"""The page in a real Chromium: both languages, a phone, the keyboard, the filter, print."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from service.app import create_app
from service.commands.serve import listen
from service.settings import Settings
from tests.service.web import good_shown

pytestmark = pytest.mark.browser

CHROMIUM = shutil.which("chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--headless",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The good week, served on a port of its own."""
    folder = tmp_path_factory.mktemp("week")
    settings = Settings(folder, folder / "plan.json", folder, port=0)
    with listen(settings) as listener:
        config = uvicorn.Config(create_app(good_shown()), log_level="warning", access_log=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        yield settings.url(listener.getsockname()[1])
        server.should_exit = True
        thread.join(10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium; where it is absent the test is skipped, but not in CI."""
    if CHROMIUM is None:
        said = "needs Chromium: apt-get install chromium (Debian), brew install chromium (Mac)"
        if os.environ.get("CI") == "true":
            pytest.fail(said)
        pytest.skip(said)
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that fails the test if the browser complains or asks anybody else."""
    page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="en-GB")
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda request: complaints.append(request.url))
    page.on(
        "request",
        lambda request: None if "127.0.0.1" in request.url else complaints.append(request.url),
    )
    yield page
    page.close()
    assert complaints == []


def test_both_languages_and_the_switch(page: Page, url: str) -> None:
    page.goto(url)
    assert page.locator("html").get_attribute("lang") == "en"  # the browser's own
    assert page.get_by_role("heading", level=1).count() == 1
    assert page.get_by_text("Read-only, on this machine only.").first.is_visible()
    page.get_by_role("link", name="日本語").click()
    assert page.locator("html").get_attribute("lang") == "ja"
    assert page.get_by_text("閲覧専用、この端末だけで動いています。").first.is_visible()
    assert page.get_by_role("heading", name="だれに何を渡すか、その理由").is_visible()


@pytest.mark.parametrize("language", ["ja", "en"])
def test_nothing_is_wider_than_a_phone(page: Page, url: str, language: str) -> None:
    page.set_viewport_size(PHONE)
    page.goto(f"{url}?lang={language}")
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    wide = page.evaluate(
        "[...document.querySelectorAll('main *')].filter(part => !part.closest('svg, .quiet, thead')"
        " && part.getBoundingClientRect().right > innerWidth + 1).map(part => part.outerHTML)"
    )
    assert wide == []


def test_the_keyboard_reaches_the_content_first(page: Page, url: str) -> None:
    page.goto(f"{url}?lang=en")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    assert skip.evaluate("link => link === document.activeElement")
    assert skip.bounding_box()["y"] >= 0  # it comes into view only now
    assert skip.evaluate("link => getComputedStyle(link).outlineStyle") != "none"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_the_filter_without_javascript(browser: Browser, url: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{url}?lang=en")
    rows = page.locator("#households tbody tr")
    assert rows.count() == 6
    page.get_by_role("link", name="Short 1").click()
    assert rows.count() == 1
    assert rows.first.get_by_role("rowheader").inner_text().startswith("C")
    context.close()


def test_bars_map_and_style_are_drawn(page: Page, url: str) -> None:
    """The policy forbids inline styles; what is drawn must not depend on any."""
    page.goto(f"{url}?lang=en")
    track = page.locator("#households .track").first.bounding_box()
    fill = page.locator("#households .fill").first.bounding_box()
    assert fill["width"] / track["width"] == pytest.approx(0.5, abs=0.01)  # D stands at 1/2
    image = page.get_by_role("img", name="Map of hubs")
    image.scroll_into_view_if_needed()
    assert image.evaluate("async image => (await image.decode(), image.naturalWidth)") > 0
    assert page.evaluate("getComputedStyle(document.querySelector('.tile')).borderRadius") == "8px"


def test_it_prints_without_its_controls(page: Page, url: str) -> None:
    page.goto(f"{url}?lang=en")
    page.emulate_media(media="print")
    for part in (".contents", ".filter", ".switch"):
        assert not page.locator(part).is_visible()
    assert page.locator("#households table").is_visible()
    assert page.pdf(format="A4").startswith(b"%PDF")
