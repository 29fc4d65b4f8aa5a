"""What exams say, as tables that read the same on a terminal and in a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from wiredesk.exams.floors import Verdict
from wiredesk.exams.run import Answer
from wiredesk.exams.sitting import OURS, Remark, Row, Skipped

_BEFORE, _AFTER = ("set", "form", "way"), ("documents", "a second", "floor")


def tables(answers: Iterable[Answer]) -> Iterator[str]:
    """Give each exam's tables as soon as they are whole, each followed by what else was said
    meanwhile. Rows with the same figures, one after the other, make one table.
    """
    rows: list[Answer] = []
    besides: list[str] = []
    exam = ""
    for answer in answers:
        is_row = isinstance(answer.said, Row)
        if answer.exam != exam or (is_row and rows and _figures(rows[-1]) != _figures(answer)):
            yield from _whole(rows, besides)
            rows, besides = [], []
        if answer.exam != exam:
            exam = answer.exam
            yield f"\n## {exam}\n"
        match answer.said:
            case Row():
                rows.append(answer)
            case Skipped(what, why):
                besides.append(f"skipped: {what}: {why}")
            case Remark(said):
                besides.append(f"  {said}")
    yield from _whole(rows, besides)


def _whole(rows: Sequence[Answer], besides: Sequence[str]) -> Iterator[str]:
    if rows:
        yield _table(rows) + "\n"
    if besides:
        yield "\n".join(besides) + "\n"


def _figures(answer: Answer) -> tuple[str, ...]:
    said = answer.said
    return tuple(figure.name for figure in said.figures) if isinstance(said, Row) else ()


def _table(answers: Sequence[Answer]) -> str:
    figures = _figures(answers[0])
    cells = [(*_BEFORE, *figures, *_AFTER), *(_cells(answer) for answer in answers)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    right = range(len(_BEFORE), len(_BEFORE) + len(figures) + 2)
    rule = [
        "-" * (width - 1) + ":" if place in right else "-" * width
        for place, width in enumerate(widths)
    ]
    lines = [cells[0], tuple(rule), *cells[1:]]
    return "\n".join(
        "| "
        + " | ".join(
            cell.rjust(width) if place in right else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        + " |"
        for line in lines
    )


def _cells(answer: Answer) -> tuple[str, ...]:
    row = answer.said
    if not isinstance(row, Row):
        raise TypeError(row)
    return (
        row.material,
        row.case,
        row.contender,
        *(figure.shown() for figure in row.figures),
        f"{row.documents:,}" if row.documents else "",
        f"{row.documents / row.seconds:,.0f}" if row.seconds > 0 else "",
        _floor(row, answer.verdicts),
    )


def _floor(row: Row, verdicts: Sequence[Verdict]) -> str:
    sunk = [verdict for verdict in verdicts if not verdict.held]
    if sunk:
        return "SUNK: " + ", ".join(f"{one.figure} beyond {one.floor:g}" for one in sunk)
    if verdicts:
        return "held"
    has_any = row.contender == OURS and any(one.better != "neither" for one in row.figures)
    return "none" if has_any else ""
