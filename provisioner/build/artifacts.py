"""The store of pinned archives: fetch, verify, import, export.

A file has its name in the store only once it has been verified: against the pinned checksum, else
against the one that was recorded when the centre first got it. Until then it is `<file>.part`, or
hidden. A stand-in declared in overrides.toml replaces the pinned file, and whatever is made of it says so.
"""

import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import httpx

from provisioner.build.checksums import Register, checksums
from provisioner.build.download import (
    LIMITS,
    DownloadFailed,
    Limits,
    default_client,
    discard,
    download,
    without_secrets,
)
from provisioner.build.npm import npm_pack
from provisioner.core.errors import ArtifactError, ArtifactMismatch, ArtifactMissing, Refusal
from provisioner.core.model import Artifact, ArtifactState, Resolved, StandIn, Status
from provisioner.core.progress import Progress, Quiet
from provisioner.host.disk import copy, disk_in_french, drafted, in_french, locked, printable, settle
from provisioner.host.paths import Paths


@dataclass(frozen=True)
class TransferResult:
    """What became of one file of an import or an export; `done` when it is now where it was to go."""

    file: str
    artifact: Artifact | None
    done: bool
    sentence: str


class Store:
    """The centre's archives, in `paths.artifacts`. `client` and `pause` are there for tests."""

    def __init__(
        self,
        paths: Paths,
        overrides: Mapping[str, StandIn],
        progress: Progress | None = None,
        *,
        client: Callable[[], httpx.Client] = default_client,
        pause: Callable[[float], None] = time.sleep,
        limits: Limits = LIMITS,
        lock_seconds: float = 600,
    ) -> None:
        self.folder, self._declaration = paths.artifacts, paths.overrides
        self._register = Register(self.folder / "recorded.json", lock_seconds)
        self._overrides = overrides
        self._progress: Progress = progress or Quiet()
        self._client, self._pause, self._limits, self._lock_seconds = client, pause, limits, lock_seconds

    def state(self, artifact: Artifact) -> ArtifactState:
        """Whether it is here and right, its file hashed anew; ArtifactError only when recorded.json can't be read."""
        stand_in = self._overrides.get(artifact.file)
        return self._stand_in_state(artifact, stand_in) if stand_in else self._pinned_state(artifact)

    def resolve(self, artifact: Artifact) -> Resolved:
        """The verified file, or its stand-in; else ArtifactMissing or ArtifactMismatch."""
        state = self.state(artifact)
        if state.path and state.status is Status.STAND_IN:
            stand_in = self._overrides[artifact.file]
            return Resolved(artifact, state.path, stand_in.version, state.sentence, state.sha256)
        if state.path and state.status is Status.PRESENT:
            return Resolved(artifact, state.path, artifact.version, sha256=state.sha256)
        raise (ArtifactMissing if state.status is Status.MISSING else ArtifactMismatch)(state.sentence)

    def fetch(self, artifact: Artifact) -> Resolved:
        """The verified file, downloaded first unless it is here and right; ArtifactMissing or ArtifactMismatch."""
        with disk_in_french(self.folder, ArtifactError), self._locked(artifact.file):
            state = self.state(artifact)
            if state.status is Status.UNRECORDED:
                self._register.record(artifact, state.sha256, "déposée à la main")
            if state.status in (Status.PRESENT, Status.UNRECORDED) or artifact.file in self._overrides:
                return self.resolve(artifact)
            sources = [(without_secrets(url), partial(self._from_address, artifact, url)) for url in artifact.urls]
            if artifact.npm:
                sources.append((f"npm, {artifact.npm}", partial(self._from_npm, artifact)))
            failures: list[ArtifactError] = []
            for _, bring in sources:
                try:
                    bring()
                    return self.resolve(artifact)
                except (DownloadFailed, ArtifactMismatch) as error:
                    failures.append(error)
        reasons = " ".join(f"{where} : {why}." for (where, _), why in zip(sources, failures, strict=True))
        kind = ArtifactMismatch if any(isinstance(f, ArtifactMismatch) for f in failures) else ArtifactMissing
        raise kind(
            f"L'archive {artifact.file} n'a pas pu être obtenue, et rien n'a été installé. "
            f"{reasons or 'Aucune adresse n’en est connue.'} Relancez « {artifact.fetched_by} » plus tard ou, depuis "
            "une clé USB, « e5b artifacts import DOSSIER »."
        )

    def import_from(self, folder: Path, artifacts: Iterable[Artifact]) -> list[TransferResult]:
        """Copy the archives of this folder that are wanted and right; the result of each other one says why not."""
        wanted = {artifact.file: artifact for artifact in artifacts}
        with disk_in_french(folder, Refusal):
            paths = [path for path in folder.iterdir() if not path.name.startswith(".") and path.is_file()]
        paths = [path for path in paths if path.name in wanted or path.name.endswith((".zip", ".tgz", ".gz"))]
        # A file that has the expected name goes first: where no checksum is known, its own is recorded.
        paths.sort(key=lambda path: (path.name not in wanted, path.name))
        with disk_in_french(self.folder, ArtifactError):
            return [self._with_stand_in(self._import_file(path, wanted)) for path in paths]

    def export_to(self, folder: Path, artifacts: Iterable[Artifact]) -> list[TransferResult]:
        """Copy the pinned archives that are here and right, for another machine's import."""
        with disk_in_french(folder, Refusal):
            folder.mkdir(exist_ok=True)  # not its parents: a stick that isn't plugged in must be noticed
        results = []
        for artifact in {artifact.file: artifact for artifact in artifacts}.values():
            state, target = self._pinned_state(artifact), folder / artifact.file
            if state.status is not Status.PRESENT or state.path is None:
                results.append(TransferResult(artifact.file, artifact, False, state.sentence))
                continue
            self._progress.step(f"Copie de {artifact.file}")
            with disk_in_french(folder, ArtifactError), drafted(target) as draft:
                copy(state.path, draft)
                if checksums(draft)["sha256"] != state.sha256:
                    raise ArtifactError(
                        f"{artifact.file} est abîmée en arrivant dans {folder} : essayez une autre clé."
                    )
                settle(draft, target)
            results.append(TransferResult(artifact.file, artifact, True, f"{artifact.file} est copiée dans {folder}."))
        return [self._with_stand_in(result) for result in results]

    def forget(self, artifact: Artifact) -> str:
        """Remove an archive that is whole but wrong, and the checksum that was recorded of it; returns a sentence.

        Refused where a checksum is published: a file that has it is the right one.
        """
        if artifact.sha256 or artifact.sha1:
            raise Refusal(
                f"{artifact.file} a une somme de contrôle publiée, qui dit déjà si c'est la bonne archive : rien n'a été "
                f"oublié. Si elle manque ou n'est pas conforme, {_how_to_get(artifact)}."
            )
        with disk_in_french(self.folder, ArtifactError), self._locked(artifact.file):
            self._register.known(artifact)  # raises when it can't be read, before anything is removed
            (self.folder / artifact.file).unlink(missing_ok=True)
            discard(self._part(artifact))
            self._register.forget(artifact)
        return f"{artifact.file} est oubliée, sa copie et sa somme de contrôle : pour la reprendre, {_how_to_get(artifact)}."

    def idle_stand_ins(self, artifacts: Iterable[Artifact]) -> list[str]:
        """A sentence for each declared stand-in that replaces none of these: its name is most likely misspelt."""
        names = {artifact.file for artifact in artifacts}
        return [
            f"{self._declaration} : [{name!r}] ne remplace aucune archive ; le nom attendu est celui d'un fichier, "
            "comme dans « e5b artifacts list »."
            for name in self._overrides
            if name not in names
        ]

    def _with_stand_in(self, result: TransferResult) -> TransferResult:
        """The same result; its sentence names the stand-in that is used here instead of the file, if there is one."""
        stand_in = self._overrides.get(result.artifact.file) if result.artifact else None
        if stand_in is None or not result.done:
            return result
        return replace(
            result,
            sentence=f"{result.sentence} Elle ne sert pas ici : {self._declaration} la remplace par {stand_in.file}.",
        )

    def _pinned_state(self, artifact: Artifact) -> ArtifactState:
        path = self.folder / artifact.file
        title = f"L'archive {artifact.file} ({artifact.name} {artifact.version})"
        try:
            inspection = self._register.inspect(artifact, path)
        except FileNotFoundError:
            resumable = (
                " (le téléchargement interrompu reprendra où il en était)" if self._part(artifact).exists() else ""
            )
            sentence = f"{title} n'est pas dans {self.folder} : {_how_to_get(artifact)}{resumable}."
            return ArtifactState(artifact, Status.MISSING, None, "", sentence)
        except OSError as error:
            return ArtifactState(artifact, Status.MISMATCH, None, "", in_french(error, path))
        if inspection.wrong:
            sentence = f"{title} dans {self.folder} n'est pas la bonne, {inspection.wrong} : {_how_to_get(artifact)}."
            return ArtifactState(artifact, Status.MISMATCH, path, inspection.sha256, sentence)
        if inspection.first:
            sentence = f"{title} est dans {self.folder} sans y avoir été vérifiée : lancez « {artifact.fetched_by} »."
            return ArtifactState(artifact, Status.UNRECORDED, path, inspection.sha256, sentence)
        known = "publiée" if artifact.sha256 or artifact.sha1 else "enregistrée au centre"
        sentence = f"{title} est présente, avec la somme de contrôle {known}."
        return ArtifactState(artifact, Status.PRESENT, path, inspection.sha256, sentence)

    def _stand_in_state(self, artifact: Artifact, stand_in: StandIn) -> ArtifactState:
        path = self._declaration.parent / stand_in.file
        title = f"Le fichier {path}, déclaré dans {self._declaration} à la place de {artifact.file},"
        try:
            sha256 = checksums(path)["sha256"]
        except FileNotFoundError:
            sentence = f"{title} n'existe pas : mettez-le là, ou retirez la déclaration."
            return ArtifactState(artifact, Status.MISSING, None, "", sentence)
        except OSError as error:
            return ArtifactState(artifact, Status.MISMATCH, None, "", in_french(error, path))
        if sha256 != stand_in.sha256:
            sentence = (
                f"{title} n'a pas la somme de contrôle déclarée (sha256 {stand_in.sha256[:12]}… déclarée, "
                f"{sha256[:12]}… trouvée) : remettez le bon fichier, ou corrigez la déclaration."
            )
            return ArtifactState(artifact, Status.MISMATCH, path, sha256, sentence)
        other = f" en version {stand_in.version}" if stand_in.version != artifact.version else ""
        sentence = f"{artifact.name} {artifact.version} : remplacée{other}, {stand_in.reason.rstrip('. ')}."
        return ArtifactState(artifact, Status.STAND_IN, path, sha256, sentence)

    def _import_file(self, path: Path, wanted: Mapping[str, Artifact]) -> TransferResult:
        shown_name = printable(path.name)
        try:
            found = checksums(path)
        except OSError as error:
            return TransferResult(shown_name, wanted.get(path.name), False, in_french(error, path))
        candidates = self._candidates(path.name, found, wanted)
        if not candidates:
            return TransferResult(
                shown_name, None, False, f"{shown_name} n'est aucune des archives attendues : laissée là."
            )
        artifact, *others = candidates
        if others:
            names = " ou ".join(candidate.file for candidate in candidates)
            return TransferResult(
                shown_name, artifact, False, f"{shown_name} peut être {names} : renommez-le, recommencez."
            )
        with self._locked(artifact.file):
            state = self._pinned_state(artifact)
            if state.status is Status.PRESENT and state.sha256 == found["sha256"]:
                return TransferResult(
                    shown_name, artifact, True, f"{shown_name} : {artifact.file} était déjà là, vérifiée."
                )
            self._progress.step(f"Copie de {artifact.file}")
            with drafted(self.folder / artifact.file) as draft:
                copy(path, draft)
                try:
                    self._install(artifact, draft, f"import de {shown_name}")
                except ArtifactMismatch as error:
                    sentence = f"{shown_name} n'est pas la bonne archive pour {artifact.file}, {error} : laissée là."
                    return TransferResult(shown_name, artifact, False, sentence)
        unknown = "" if artifact.sha256 or artifact.sha1 else ", sans somme de contrôle publiée : la sienne est retenue"
        return TransferResult(shown_name, artifact, True, f"{artifact.file} est copiée et vérifiée{unknown}.")

    def _candidates(self, name: str, found: Mapping[str, str], wanted: Mapping[str, Artifact]) -> list[Artifact]:
        """Which artifacts this file may be: by its checksum, by its name here, by that of an address."""
        for artifact in wanted.values():
            known = self._register.known(artifact)
            if known and all(found[algorithm] == value for algorithm, value in known.items()):
                return [artifact]
        if name in wanted:
            return [wanted[name]]
        return [a for a in wanted.values() if any(url.rpartition("/")[2] == name for url in a.urls)]

    def _from_address(self, artifact: Artifact, url: str) -> None:
        part = self._part(artifact)
        self._progress.step(f"Téléchargement de {artifact.file}")
        on_bytes = partial(self._progress.transfer, artifact.file)
        try:
            with self._client() as client:
                stitched = download(client, url, part, on_bytes, self._limits, self._pause)
                if stitched and self._register.inspect(artifact, part).wrong:
                    # The server may have changed its file between two answers: one whole answer decides.
                    discard(part)
                    download(client, url, part, on_bytes, self._limits, self._pause)
        finally:
            self._progress.end_transfer()
        try:
            self._install(artifact, part, without_secrets(url))
        except ArtifactMismatch:
            discard(part)
            raise

    def _from_npm(self, artifact: Artifact) -> None:
        self._progress.step(f"Téléchargement de {artifact.file} par npm")
        with tempfile.TemporaryDirectory(prefix=".npm-", dir=self.folder) as folder:
            self._install(artifact, npm_pack(artifact.npm, Path(folder)), f"npm, {artifact.npm}")

    def _install(self, artifact: Artifact, draft: Path, source: str) -> None:
        """Give a file its name in the store, if it is right. Nothing else gives one."""
        inspection = self._register.inspect(artifact, draft)
        if inspection.wrong:
            raise ArtifactMismatch(inspection.wrong)
        if inspection.first:
            self._register.record(artifact, inspection.sha256, source)
        settle(draft, self.folder / artifact.file)
        discard(self._part(artifact))

    def _part(self, artifact: Artifact) -> Path:
        return self.folder / f"{artifact.file}.part"

    def _locked(self, file: str) -> AbstractContextManager[None]:
        """No other process of this machine works on this file of the store meanwhile."""
        return locked(self.folder / f".{file}.lock", file, self._lock_seconds, self._progress.step)


def _how_to_get(artifact: Artifact) -> str:
    return f"lancez « {artifact.fetched_by} » ou, depuis une clé USB, « e5b artifacts import DOSSIER »"
