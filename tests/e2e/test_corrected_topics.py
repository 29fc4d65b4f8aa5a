"""An editor corrects a record's topics by hand, on the bundled sample wire, by the real command."""

from __future__ import annotations

from pathlib import Path

import pytest
from desks import outputs, records, wiredesk


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("sample") / "desk"
    wiredesk("sample", root)
    return root


def test_a_corrected_list_of_topics_is_followed_explained_and_taken_back(desk: Path) -> None:
    file = next(path for path in records(desk) if "\n  - Robotics\n" in path.read_text())
    written = file.read_text()
    file.write_text(written.replace("\n  - Robotics\n", "\n  - AI and Jobs\n"))
    wiredesk("sample", desk)
    corrected = outputs(desk)
    assert "\n  - AI and Jobs\n" in file.read_text()
    explained = wiredesk("explain", file).stdout
    assert f"label 'AI and Jobs' in _news/{file.name}" in explained
    wiredesk("sample", desk)
    assert outputs(desk) == corrected
    file.write_text(file.read_text().replace("\n  - AI and Jobs\n", "\n  - Robotics\n"))
    wiredesk("sample", desk)
    explained = wiredesk("explain", file).stdout
    assert "label" not in explained
    assert "strong 'robot" in explained
