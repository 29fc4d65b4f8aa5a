"""The house's own rules, so that nobody has to remember them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

import wiredesk
from wiredesk.doors.cli import COMMANDS, cli

SOURCE = Path(wiredesk.__file__).parent
ROOT = Path(__file__).resolve().parents[1]
MODULES = {path.relative_to(SOURCE).as_posix(): path for path in sorted(SOURCE.rglob("*.py"))}

AMBIENT = {
    "datetime.now", "datetime.today", "datetime.utcnow", "date.today",
    "time.time", "time.time_ns", "time.localtime", "time.gmtime", "time.strftime",
    "os.environ", "os.environb", "os.getenv", "os.urandom",
    "random", "secrets", "uuid.uuid1", "uuid.uuid4", "locale",
}  # fmt: skip
"""What differs from one run or machine to the next: the clock, chance, the environment."""

HOMES = {
    "adapters/clock.py": {"datetime.now"},
    "adapters/keys.py": {"secrets"},
    "adapters/git.py": {"os.environ"},
    "adapters/apart/mother.py": {"os.environ"},
}
"""Where each of them may be asked for; everybody else is given the answer."""

KINDS = ("sources", "publishers", "signals", "stages")


def ambient(tree: ast.AST) -> set[str]:
    """Return what of ``AMBIENT`` a module uses, under whatever name it is imported."""
    found = set()
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Attribute):
            owner = node.value
            name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
            names = [f"{name}.{node.attr}"]
        found.update(names)
    return found & AMBIENT


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def documentation() -> str:
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return "\n".join(page.read_text(encoding="utf-8") for page in pages)


def kinds() -> Iterator[tuple[str, str]]:
    for folder in KINDS:
        for path in sorted((SOURCE / folder).iterdir()):
            is_module = path.suffix == ".py" and path.stem != "__init__"
            if is_module or (path / "__init__.py").is_file():
                yield folder, path.stem


def commands() -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for name in COMMANDS:
        found.append((name,))
        command = cli.get_command(None, name)  # type: ignore[arg-type]  # the group needs no context
        found += [(name, below) for below in getattr(command, "commands", ())]
    return found


def test_the_clock_chance_and_the_environment_are_asked_for_in_their_homes_only() -> None:
    used = {name: ways for name, path in MODULES.items() if (ways := ambient(parsed(path)))}
    assert used == HOMES


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import datetime\ndatetime.datetime.now()", {"datetime.now"}),
        ("from datetime import datetime\nx = datetime.utcnow", {"datetime.utcnow"}),
        ("def f():\n    from time import time", {"time.time"}),
        ("from random import choice", {"random"}),
        ("import os\nos.environ['TZ']", {"os.environ"}),
        ("from time import monotonic\nself.clock.now()", set()),
    ],
)
def test_that_search_finds_what_it_is_there_for(source: str, found: set[str]) -> None:
    assert ambient(ast.parse(source)) == found


def test_nothing_is_printed_past_the_doors() -> None:
    printing = [
        name
        for name, path in MODULES.items()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "print"
    ]
    assert printing == []


def test_no_module_imports_itself_by_way_of_others() -> None:
    graph = {name: imports(path, name) for name, path in MODULES.items()}
    assert circle(graph) == []


def imports(path: Path, name: str) -> set[str]:
    """Return the files of ours that a module imports when it is imported."""
    found = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "wiredesk":
            module = (node.module or "").removeprefix("wiredesk").strip(".").replace(".", "/")
            below = [f"{module}/{alias.name}".strip("/") for alias in node.names]
            inner = {file for each in below if (file := file_of(each))}
            found |= inner if len(inner) == len(below) else inner | {file_of(module)}
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names if alias.name.startswith("wiredesk.")]
            found |= {file_of(each.removeprefix("wiredesk.").replace(".", "/")) for each in names}
    return found - {"", name}


def file_of(module: str) -> str:
    candidates = (f"{module}.py", f"{module}/__init__.py".lstrip("/"))
    return next((each for each in candidates if each in MODULES), "")


def circle(graph: dict[str, set[str]]) -> list[str]:
    """Return the modules that are left when all that can be loaded one after the other is gone."""
    left = dict(graph)
    while free := [name for name, needs in left.items() if not needs & left.keys()]:
        for name in free:
            del left[name]
    return sorted(left)


def test_the_search_for_circles_finds_one() -> None:
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": set()}) == ["a", "b", "c"]
    assert imports(SOURCE / "engine/pipeline.py", "engine/pipeline.py") >= {
        "engine/gathering.py",
        "ports/store.py",
    }


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_every_command_explains_itself(command: tuple[str, ...]) -> None:
    result = CliRunner().invoke(cli, [*command, "--help"])
    assert result.exit_code == 0
    assert len(result.output.split("Options:")[0].splitlines()) >= 3, "it says too little"
    assert "\\b" not in result.output, "click's mark for kept lines is shown as it stands"


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_every_command_has_its_place_in_the_documentation(command: tuple[str, ...]) -> None:
    spelt = r"\s+".join(map(re.escape, command))
    assert re.search(rf"(wiredesk\s+|`){spelt}\b", documentation())


@pytest.mark.parametrize(("folder", "name"), list(kinds()))
def test_every_kind_has_its_place_in_the_documentation(folder: str, name: str) -> None:
    if folder == "stages":
        pages = {page.stem for page in (ROOT / "docs" / "stages").glob("*.md")}
        assert name in pages or f"`{name}`" in documentation()
    elif folder == "signals":
        points = (ROOT / "docs" / "stages" / "score.md").read_text(encoding="utf-8")
        families = [line.split("|")[1] for line in points.splitlines() if line.startswith("|")]
        assert name in re.findall(r"\w+", " ".join(families))
    else:
        spelt = name.replace("_", "[ _]")
        assert re.search(rf"\b{spelt}\b", documentation(), re.IGNORECASE)


@pytest.mark.parametrize(
    "name", sorted(path.stem for path in (SOURCE / "exams/papers").glob("*.py"))
)
def test_every_exam_has_its_place_in_the_guide_and_says_what_it_examines(name: str) -> None:
    if name != "__init__":
        guide = (ROOT / "docs" / "guides" / "exams.md").read_text(encoding="utf-8")
        assert f"| `{name}` |" in guide
        docstring = ast.get_docstring(parsed(SOURCE / "exams/papers" / f"{name}.py")) or ""
        assert docstring.startswith(f"{name}: ")


@pytest.mark.parametrize("name", sorted(path.stem for path in (ROOT / "bench").glob("*.py")))
def test_every_bench_has_its_figures_on_their_page(name: str) -> None:
    assert f"bench/{name}.py" in (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")
