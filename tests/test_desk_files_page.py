"""The page on a desk's files names each setting, with its default."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from wiredesk.config import Settings
from wiredesk.records.provider import Provider
from wiredesk.records.topic import Topic

PAGE = (Path(__file__).resolve().parents[1] / "docs" / "guides" / "desk-files.md").read_text(
    "utf-8"
)


def settings(kind: type, table: str = "") -> Iterator[tuple[str, str, object]]:
    """Give table, name and default of each setting."""
    for field in msgspec.structs.fields(kind):
        if isinstance(field.default, msgspec.Struct):
            yield from settings(type(field.default), f"{table}.{field.name}".strip("."))
        elif field.name != "sources":
            yield table, field.name, field.default


def rows(table: str) -> list[str]:
    """Return the page's rows of one table of ``desk.toml``."""
    start = PAGE.index(f"**`[{table}]`**") if table else PAGE.index("| setting |")
    return PAGE[start:].split("| **`[", maxsplit=1)[0].split("\n")


@pytest.mark.parametrize(("table", "name", "default"), [*settings(Settings)])
def test_each_setting_has_its_row_with_its_default(table: str, name: str, default: object) -> None:
    assert any(row.startswith(f"| `{name}` | `{json.dumps(default)}` |") for row in rows(table))


@pytest.mark.parametrize("kind", [Topic, Provider])
def test_each_key_of_a_topic_and_a_provider_is_shown(kind: type) -> None:
    for field in msgspec.structs.fields(kind):
        assert field.name == "order" or f"\n{field.name}: " in PAGE
