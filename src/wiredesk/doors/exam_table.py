"""What exams say, as tables that read the same on a terminal and in a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from wiredesk.exams.floors import Verdict
from wiredesk.exams.run import Answer
from wiredesk.exams.sitting import OURS, Remark, Row, Skipped

_BEFORE, _AFTER = ("set", "form", "way"), ("documents", "a second", "floor")


def tables(answers: Iterable[Answer]) -> Iterator[str]:
    """Give each exam's tables as soon as they are whole, with what else it says around them.

    Rows with the same figures make one table.
    """
    waiting: list[Answer] = []
    exam = ""
    for answer in answers:
        if waiting and not _go_together(waiting[-1], answer):
            yield _table(waiting) + "\n"
            waiting = []
        if answer.exam != exam:
            exam = answer.exam
            yield f"\n## {exam}\n"
        match answer.said:
            case Row():
                waiting.append(answer)
            case Skipped(what, why):
                yield f"skipped: {what}: {why}"
            case Remark(said):
                yield f"  {said}"
    if waiting:
        yield _table(waiting)


def _go_together(one: Answer, other: Answer) -> bool:
    return one.exam == other.exam and _figures(one) == _figures(other) != ()


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
