"""The command ``wiredesk read``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from wiredesk.doors.read_command import read
from wiredesk.errors import Unreadable

URL = "https://www.harbour-courier.example/2026/03/02/ferry"
PAGE = "<title>The ferry runs again</title><p>The boats leave the quay on Monday.</p>"


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    file = tmp_path / "ferry.html"
    file.write_text(f"<!doctype html><html lang=en>{PAGE}", encoding="utf-8")
    return file


def test_a_saved_page_is_printed_as_one_line_of_json(saved: Path) -> None:
    result = CliRunner().invoke(read, [str(saved), "--url", URL])
    assert result.exit_code == 0
    assert result.output.count("\n") == 1
    article = json.loads(result.output)
    assert (article["title"], article["webUrl"]) == ("The ferry runs again", URL)


def test_providers_of_a_desk_give_their_names(saved: Path, tmp_path: Path) -> None:
    folder = tmp_path / "providers"
    folder.mkdir()
    provider = "name: The Courier\ndomain: harbour-courier.example\n"
    (folder / "harbour-courier.example.yaml").write_text(provider, encoding="utf-8")
    result = CliRunner().invoke(read, [str(saved), "--url", URL, "--providers", str(folder)])
    assert json.loads(result.output)["provider"]["name"] == "The Courier"


def test_what_is_no_article_is_told_with_the_file(tmp_path: Path) -> None:
    file = tmp_path / "empty.html"
    file.write_bytes(b"")
    result = CliRunner().invoke(read, [str(file), "--url", URL])
    assert isinstance(result.exception, Unreadable)
    assert str(file) in str(result.exception)


def test_a_file_that_is_not_there_is_a_wrong_use() -> None:
    assert CliRunner().invoke(read, ["absent.html", "--url", URL]).exit_code == 2
