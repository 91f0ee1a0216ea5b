"""What the program keeps on this machine: credentials, reports, and who works on which station.

One folder, mode 0700, since it holds candidates' passwords and work.
"""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from filelock import FileLock, Timeout

from provisioner.config import Paths
from provisioner.errors import Busy, EvidenceLost
from provisioner.model import Credentials


class State:
    """The state folder."""

    def __init__(self, paths: Paths) -> None:
        self.folder = paths.state
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.folder.chmod(0o700)
        except OSError as error:
            raise EvidenceLost(
                f"Le dossier {self.folder} ne peut pas être créé ({error.strerror}). "
                "Donnez-en un autre dans la variable E5B_STATE."
            ) from error

    @contextmanager
    def holding(self, room: str, name: str, command: str) -> Iterator[None]:
        """Hold a station (or "salle" for the whole room) while a command works on it; raises Busy."""
        path = self.folder / "locks" / f"{room}-{name}.lock"
        path.parent.mkdir(exist_ok=True)
        holder = path.with_suffix(".holder")
        lock = FileLock(path)
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            who = holder.read_text(encoding="utf-8") if holder.exists() else "une autre commande"
            raise Busy(f"{name} est occupé par {who}. Attendez qu'elle finisse, puis recommencez.") from error
        try:
            self._write(holder, f"« e5b {command} » depuis {datetime.now():%H:%M:%S} (processus {os.getpid()})")
            yield
        finally:
            holder.unlink(missing_ok=True)
            lock.release()

    def keep(self, container: str, credentials: Credentials, more: Mapping[str, Any]) -> None:
        """Keep the credentials of a station's container and the record of its making."""
        document = {"user": credentials.user, "password": credentials.password, **more}
        self._write(self._station(container), json.dumps(document, ensure_ascii=False, indent=1))

    def credentials(self, container: str) -> Credentials | None:
        """The credentials that a station's container was given."""
        kept = self.record(container)
        return Credentials(kept["user"], kept["password"]) if kept else None

    def record(self, container: str) -> dict[str, Any] | None:
        """All that was kept of a station's container."""
        path = self._station(container)
        if not path.exists():
            return None
        return cast("dict[str, Any]", json.loads(path.read_text(encoding="utf-8")))

    def forget(self, container: str) -> None:
        """Forget a container that is gone."""
        self._station(container).unlink(missing_ok=True)

    def report_folder(self, room: str, station: str, moment: datetime) -> Path:
        """A new folder for one examination."""
        folder = self.folder / "reports" / room / station / f"{moment:%Y%m%d-%H%M%S}"
        number, unique = 1, folder
        while unique.exists():
            number += 1
            unique = folder.with_name(f"{folder.name}-{number}")
        return unique

    def _station(self, container: str) -> Path:
        return self.folder / "stations" / f"{container[:24]}.json"

    def _write(self, path: Path, text: str) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_name(f"{path.name}.{os.getpid()}.part")
            part.write_text(text, encoding="utf-8")
            part.chmod(0o600)
            part.replace(path)
        except OSError as error:
            raise EvidenceLost(
                f"{path} n'a pas pu être écrit ({error.strerror}). Libérez de la place, puis recommencez."
            ) from error
