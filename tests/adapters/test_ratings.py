"""A list of domain ratings, as strangers write such lists."""

from __future__ import annotations

from pathlib import Path

import pytest

from wiredesk.adapters.desk_folder import read_desk, read_ratings
from wiredesk.adapters.desk_folder.ratings import SHOWN
from wiredesk.errors import ConfigError
from wiredesk.records.rating import Ratings

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared" / "data"
TWO = {"courier.example": 0.9, "zing.example": 0.25}


def read(folder: Path, text: str | bytes, best: float = 1.0) -> Ratings:
    file = folder / "list.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_ratings(file, best)


@pytest.mark.parametrize(
    "text",
    [
        "domain,pc1\ncourier.example,0.9\nzing.example,0.25\n",
        "courier.example,0.9\nzing.example,0.25",
        "courier.example;0,9\nzing.example;0,25\n",
        "\ufeffname\tRating\tDomain\nCourier\t0.9\tcourier.example\nZing\t.25\tzing.example\n",
        "site,words,score\r\ncourier.example,many,0.90\r\nzing.example,few,2.5e-1\r\n",
        '# ours, of March\n"https://www.courier.example/",0.9\n\n"WWW.Zing.Example." , 0.25\n',
        "url,how good\ncourier.example,0.9\nzing.example,0.25\n",
        "who,pc1\ncourier.example,0.9\nzing.example,0.25\n",
    ],
    ids=["headed", "bare", "semicolons", "tabs", "more columns", "loose", "one heading", "other"],
)
def test_many_forms_say_the_same(tmp_path: Path, text: str) -> None:
    ratings = read(tmp_path, text)
    assert ratings.values == TWO
    assert ratings.source == "list.csv"
    assert ratings.notices == ()


def test_another_scale_is_brought_to_ours(tmp_path: Path) -> None:
    assert read(tmp_path, "courier.example,90\nzing.example,25\n", best=100).values == TWO


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("zing.example", "there is no column 2"),
        ("zing.example,", "'' is no rating from 0 to 1"),
        ("zing.example,good", "'good' is no rating from 0 to 1"),
        ("zing.example,1.01", "'1.01' is no rating from 0 to 1"),
        ("zing.example,-0.1", "'-0.1' is no rating from 0 to 1"),
        ("zing.example,nan", "'nan' is no rating from 0 to 1"),
        ("zing.example,1e999", "'1e999' is no rating from 0 to 1"),
        ("zing,0.5", "'zing' is no domain"),
        ("two words.example,0.5", "'two words.example' is no domain"),
        (",0.5", "'' is no domain"),
        ("zing.example/sport,0.5", "'zing.example/sport' is a part of a site"),
        ("https://user@zing.example/,0.5", "'https://user@zing.example/' is no domain"),
        ('"zing.example,0.5', "'zing.example,0.5' is no domain"),
        ("zing.\rexample,0.5", "'zing. example' is no domain"),
        ("courier.example,0.1", "courier.example has another rating above, which is used"),
    ],
)
def test_a_broken_line_is_told_and_costs_itself_only(
    tmp_path: Path, line: str, problem: str
) -> None:
    ratings = read(tmp_path, f"courier.example,0.9\n{line}\nlast.example,0.5\n")
    assert ratings.values == {"courier.example": 0.9, "last.example": 0.5}
    assert ratings.notices == (f"list.csv:2: {problem}; the line is passed over",)


def test_many_broken_lines_are_counted_and_the_scale_is_doubted(tmp_path: Path) -> None:
    text = "a.example,0.5\n" + "".join(f"b{number}.example,{number}\n" for number in range(2, 12))
    *told, counted, doubt = read(tmp_path, text).notices
    assert len(told) == SHOWN
    assert counted == "list.csv: 7 more lines are passed over; 1 domains are rated"
    assert "score.ratings_best" in doubt


def test_bytes_that_are_no_text_cost_their_line_only(tmp_path: Path) -> None:
    ratings = read(tmp_path, b"\xff\xfe.example,0.5\ncourier.example,0.9\nz\0.example,0.1\n")
    assert ratings.values["courier.example"] == 0.9
    assert "\ufffd" not in "".join(ratings.values)


@pytest.mark.parametrize("text", ["", "\n\n# nothing\n", "domain,pc1\n", "a,b\nc,d\n"])
def test_a_list_without_a_rating_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError, match="expected a domain and its rating a line"):
        read(tmp_path, text)


def desk(folder: Path, toml: str) -> Path:
    (folder / "desk.toml").write_text(toml)
    return folder


def test_a_desk_loads_the_list_that_its_settings_name(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("courier.example,45\nbroken\n")
    root = desk(tmp_path, '[score]\nratings = "list.csv"\nratings_best = 50\n')
    _, _, registry = read_desk(root)
    assert registry.rating_of("www.courier.example") is not None
    assert registry.ratings.values == {"courier.example": 0.9}
    assert len(registry.ratings.notices) == 1


def test_a_missing_list_is_told_with_all_else_that_is_wrong(tmp_path: Path) -> None:
    root = desk(tmp_path, '[score]\nratings = "none.csv"\n')
    (root / "topics").mkdir()
    (root / "topics" / "01.yaml").write_text("shortname: x\n")
    with pytest.raises(ConfigError) as refused:
        read_desk(root)
    assert any("none.csv: cannot be read" in problem for problem in refused.value.problems)
    assert any("01.yaml" in problem for problem in refused.value.problems)


def test_a_scale_that_has_no_best_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"score\.ratings_best: more than 0"):
        read_desk(desk(tmp_path, "[score]\nratings_best = 0\n"))


@pytest.mark.shared
def test_the_open_list_is_read_whole() -> None:
    file = SHARED / "reputation" / "domain_pc1.csv"
    if not file.exists():
        pytest.skip("the shared list is not beside this checkout")
    ratings = read_ratings(file, 1.0)
    assert len(ratings.values) > 11_000
    assert len(ratings.notices) <= SHOWN + 1
