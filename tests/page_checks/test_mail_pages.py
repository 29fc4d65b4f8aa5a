"""The newsletter's pages for readers in Chromium, and beside the standards, like the site's."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from letterdesk import DAILY, RING, WEEKLY, LetterDesk, settings
from test_feeds import HOSTILE
from test_pages import BOTH, node, pytestmark, standards

from wiredesk.config import NewsletterSettings, SeriesSettings, Settings
from wiredesk.doors.newsletter_pages import Asked, Pages
from wiredesk.doors.newsletter_server import Door
from wiredesk.records.letter_tokens import token

__all__ = ["pytestmark"]

PATHS = ["/", f"/confirm?t={token(RING, 'confirm', 'a' * 20, '0.1.daily')}", "/unsubscribe?t=x"]


@pytest.fixture
def pages(tmp_path: Path) -> Pages:
    desk = LetterDesk(tmp_path, settings(DAILY, WEEKLY))
    return Pages(desk.settings, desk.subscribing, lambda *_: None)


@pytest.fixture
def hostile(tmp_path: Path) -> Pages:
    payload = " ".join(HOSTILE) + " \"><img src=x onerror=alert(1)>'><svg onload=alert(1)>"
    series = (SeriesSettings(name="daily", cron="0 7 * * *", title=payload),)
    given = Settings(name=payload, newsletter=NewsletterSettings(series=series))
    desk = LetterDesk(tmp_path, given)
    return Pages(given, desk.subscribing, lambda *_: None)


@pytest.fixture(params=["pages", "hostile"])
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    with Door(("127.0.0.1", 0), request.getfixturevalue(request.param), behind_proxy=False) as door:
        thread = threading.Thread(target=door.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{door.server_address[1]}"
        door.shutdown()
        thread.join()


@pytest.mark.parametrize("bypass", [True, False])
def test_they_are_accessible_still_and_run_no_strangers_script(url: str, *, bypass: bool) -> None:
    asked = {"url": url, "paths": PATHS, "settings": BOTH, "rules": bypass, "bypass": bypass}
    for page in node("check.mjs", **asked):
        assert page["status"] == 200
        for trouble in ("violations", "outside", "errors", "dialogs"):
            assert page[trouble] == [], (page["path"], trouble)
        assert page["overflow"] <= 0, page["path"]
        assert page["shift"] == 0


def test_they_are_valid_html(pages: Pages, hostile: Pages, tmp_path: Path) -> None:
    files = []
    for name, given in (("plain", pages), ("hostile", hostile)):
        for number, path in enumerate(PATHS):
            for method in ("GET", "POST"):
                where, _, query = path.partition("?")
                file = tmp_path / f"{name}-{number}-{method}.html"
                asked = Asked(method=method, path=where, query=query, form="address=x")
                file.write_text(given.answer(asked).page)
                files.append(file)
    assert standards(files) == []
