"""The archive: its months, each month's days, and all stories of a day, hottest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial

from wiredesk.publishers.site.items import Item
from wiredesk.publishers.site.linked_data import item_list
from wiredesk.publishers.site.paper import PART, Page, Paper, hottest

_HEADLINES = 2


def pages(paper: Paper) -> Iterator[Page]:
    """Give the archive's pages."""
    days = sorted(paper.by_day, reverse=True)
    months: dict[str, list[str]] = defaultdict(list)
    for day in days:
        months[day[:7]].append(day)
    counts = {month: sum(len(paper.by_day[day]) for day in of) for month, of in months.items()}
    yield paper.page("archive/index.html", "archive.html", counts, partial(_archive, paper, counts))
    for month, of in months.items():
        yield paper.page(
            f"archive/{month}/index.html",
            "archive_month.html",
            [(day, [item.key for item in paper.by_day[day]]) for day in of],
            partial(_month, paper, month, of),
        )
    for place, day in enumerate(days):
        around = (
            days[place + 1] if place + 1 < len(days) else "",
            days[place - 1] if place else "",
        )
        yield from _day(paper, day, around)


def _archive(paper: Paper, counts: Mapping[str, int]) -> Mapping[str, object]:
    years: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for month, count in counts.items():
        years[month[:4]].append((month, count))
    return {
        "here": "archive",
        "path": "archive/",
        "title": paper.words.text["archive_heading"],
        "years": years,
    }


def _month(paper: Paper, month: str, days: Sequence[str]) -> Mapping[str, object]:
    return {
        "here": "archive",
        "path": f"archive/{month}/",
        "title": paper.words.month_of(month),
        "month": month,
        "days": [
            (day, datetime.fromisoformat(day), len(paper.by_day[day]),
             hottest(paper.by_day[day])[:_HEADLINES])
            for day in days
        ],
    }  # fmt: skip


def _day(paper: Paper, day: str, around: tuple[str, str]) -> Iterator[Page]:
    items = hottest(paper.by_day[day])
    last = -(-len(items) // PART)
    files = [_file(day, number) for number in range(1, last + 1)]
    for number, file in enumerate(files, 1):
        cut = items[(number - 1) * PART : number * PART]
        yield paper.page(
            f"archive/{file}",
            "day.html",
            ([item.key for item in cut], day, number, last, around),
            partial(_shown, paper, day, around, (file, number, files if last > 1 else []), cut),
        )


def _file(day: str, number: int) -> str:
    return f"{day}.html" if number == 1 else f"{day}-{number}.html"


def _shown(
    paper: Paper,
    day: str,
    around: tuple[str, str],
    part: tuple[str, int, Sequence[str]],
    items: Sequence[Item],
) -> Mapping[str, object]:
    file, number, files = part
    title = paper.words.day_of(datetime.fromisoformat(day))
    return {
        "here": "archive",
        "path": f"archive/{file}",
        "title": title,
        "day": datetime.fromisoformat(day),
        "month": day[:7],
        "before": around[0],
        "after": around[1],
        "number": number,
        "beside": list(enumerate(files, 1)),
        "items": items,
        "linked_data": item_list(title, paper.absolute(f"archive/{file}"), items),
    }
