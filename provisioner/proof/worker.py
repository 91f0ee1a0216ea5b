"""Does the steps of a proof on one station: a candidate's work by the real screens, then the checks, as on the day of the exam."""

import shutil
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import BrowserContext
from playwright.sync_api import Error as PlaywrightError

from provisioner.core.errors import BrowserUnavailable, EngineError, EvidenceLost, StationError, StationNotReady
from provisioner.core.model import Finding, Golden, Station, Verdict
from provisioner.examination.browser import Examiner, RestartingBrowser, new_context
from provisioner.examination.check_failure import stopped_by
from provisioner.examination.evidence import Evidence
from provisioner.examination.judging import Examined, RecordingUnlike, recording_of
from provisioner.examination.recording import Recording
from provisioner.examination.run_checks import findings
from provisioner.examination.site import CandidateDesk
from provisioner.host.editions import company_of
from provisioner.proof.steps import Step, StepProof
from provisioner.station.centre import Centre
from provisioner.station.lifecycle import reset


@dataclass
class Worker:
    """Does steps on one station, with a candidate's browser and an examiner's.

    The candidate's context is used for all steps, so that its cache keeps public files as it does in an exam room: reading
    the editor's scripts again took a fifth of a step.
    """

    centre: Centre
    golden: Golden
    candidate: RestartingBrowser
    examiner: Examiner
    context: BrowserContext | None = None

    def prove(self, step: Step, station: str, folder: Path, name: str) -> StepProof:
        """Do a step on that station, after a reset; its screenshots stay in folder/name when it failed."""
        started = time.monotonic()
        attempt, retried = self._attempt(step, station, folder / name), ""
        if attempt.broke_off:
            retried = attempt.failure
            attempt = self._attempt(step, station, folder / name)
        findings_made = [finding for of_check in attempt.found for finding in of_check]
        fault = attempt.fault or any(finding.verdict in (Verdict.BLOCKED, Verdict.BROKEN) for finding in findings_made)
        shots: list[str] = []
        if attempt.failure:
            shots = [path for finding in findings_made for path in finding.evidence if path.endswith(".jpg")]
            # A check that broke off has no finding with evidence, but its screenshots show where it was.
            shots = shots or [f"preuves/{path.name}" for path in sorted((folder / name / "preuves").glob("*.jpg"))]
        else:
            shutil.rmtree(folder / name, ignore_errors=True)
        paths = tuple(dict.fromkeys(f"{name}/{path}" for path in shots))
        seconds = round(time.monotonic() - started, 1)
        return StepProof(
            step, attempt.found, attempt.failure, fault, seconds, retried, paths, recordings=attempt.recordings
        )

    def _attempt(self, step: Step, station: str, folder: Path) -> "_Attempt":
        """Do the step once; what an earlier attempt left in the folder is removed first."""
        shutil.rmtree(folder, ignore_errors=True)
        evidence = Evidence(folder)
        try:
            fresh, _ = reset(self.centre, station, self.golden)
            self._perform(step, fresh, evidence)
            documents = self._documents(step)
            examined = findings(self.centre, fresh, step.checks, self.examiner, evidence, documents=documents)
            found, failure = examined.findings, step.failure(examined.findings)
            if failure:
                return _Attempt(found, f"{failure}{_details(found, folder)}")
            return _Attempt(found, "", recordings=self._recordings(step, fresh.stack, examined, documents))
        except Exception as error:  # a step that broke off is a failed proof, whatever it raised
            fault = isinstance(error, (StationError, EngineError, BrowserUnavailable, EvidenceLost))
            return _Attempt([], f"étape interrompue : {stopped_by(error)}", fault, broke_off=True)

    def _recordings(
        self, step: Step, edition: str, examined: Examined, documents: tuple[Path, ...]
    ) -> tuple[Recording, ...]:
        """The recordings of the step's looks; one that can't be kept is said, and the step is proven without it."""
        kept = []
        for index, check in enumerate(step.checks):
            try:
                kept.append(recording_of(check, edition, examined, index, documents))
            except (RecordingUnlike, ValueError) as error:
                why = str(error)[:300] if isinstance(error, RecordingUnlike) else "une réponse ne peut pas être écrite"
                self.centre.progress.step(f"{type(check).id}, {step.name} : pas d'enregistrement : {why}")
        return tuple(filter(None, kept))

    def _documents(self, step: Step) -> tuple[Path, ...]:
        """The folders of the subject's documents; of the company's media where the step is of an example."""
        return step.documents or (company_of(self.golden.stack) / "media",)

    def _perform(self, step: Step, station: Station, evidence: Evidence) -> None:
        """Do the work of the step as the station's candidate. The context is kept only when nothing went wrong."""
        credentials = self.centre.state.credentials(station.container)
        if credentials is None:
            raise StationNotReady(f"Les identifiants de {station.name} ne sont pas connus.")
        context, self.context = self.context or new_context(self.candidate.browser, self.centre.settings), None
        try:
            desk = CandidateDesk(context, station, credentials, self._documents(step))
            try:
                step.perform(desk)
                desk.leave()
            except Exception:
                with suppress(PlaywrightError, EvidenceLost):  # the error that broke the way off is the one to report
                    evidence.shot("où le chemin s’est arrêté", desk.page)
                raise
        except Exception as error:
            with suppress(PlaywrightError):
                context.close()
            if context.browser is None or not context.browser.is_connected():
                raise BrowserUnavailable("Le navigateur du candidat s'est fermé.") from error
            raise
        self.context = context


@dataclass(frozen=True)
class _Attempt:
    """What doing a step once showed; `failure` and `fault` as in `Proof`."""

    found: list[list[Finding]]
    failure: str
    fault: bool = False
    broke_off: bool = False
    recordings: tuple[Recording, ...] = ()


def _details(found: list[list[Finding]], folder: Path) -> str:
    """What stopped checks, in the words of the library: it may not happen again."""
    notes = {
        path
        for of_check in found
        for finding in of_check
        for path in finding.evidence
        if finding.verdict is Verdict.BROKEN and path.endswith(".txt")
    }
    return "".join(f" ; détail : {(folder / path).read_text(encoding='utf-8')}" for path in sorted(notes))
