"""The folders in which subjects stand: the program's own, and one of the centre's that its settings name.

The centre's folder is set once, when the settings are read, since subjects are asked for by their ids everywhere.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from provisioner.host.settings import Settings

_own: list[Path] = []


def use_subjects_of(settings: "Settings") -> None:
    """Find the subjects of these settings' folder too from here on."""
    _own[:] = [Path(settings.subjects)] if settings.subjects else []


def centre_folder() -> Path | None:
    """The centre's folder of subjects; None where the settings name none."""
    return _own[0] if _own else None


def subjects_in(scenarios: Path) -> Iterator[tuple[str, Path]]:
    """Every subject's folder name and file: the program's first, then the centre's, whose names may be taken."""
    for path in sorted(scenarios.glob("*/subjects/*/subject.toml")):
        yield path.parent.name, path
    for folder in _own:
        for path in sorted(folder.glob("*/subject.toml")):
            yield path.parent.name, path
