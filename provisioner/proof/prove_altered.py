"""Proves the steps of `proof.altered`: each does its work once on a station, whose copies are then altered one thing at a time."""

import json
import os
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from queue import Empty, Queue
from threading import Event

from playwright.sync_api import BrowserContext
from playwright.sync_api import Error as PlaywrightError

from provisioner.build.driver import Inside
from provisioner.core.errors import StationNotReady
from provisioner.core.interruption import awaited
from provisioner.core.model import Finding, Golden, Station, Verdict
from provisioner.core.progress import Quiet
from provisioner.examination.browser import Examiner, RestartingBrowser, candidate_browser, new_context
from provisioner.examination.check_failure import reason_of, stopped_by
from provisioner.examination.evidence import Evidence, NotesOnly
from provisioner.examination.run_checks import DEADLINE
from provisioner.examination.site import CandidateDesk, CopySite
from provisioner.host.editions import company_of
from provisioner.host.paths import ROOT
from provisioner.network.room import Room
from provisioner.proof.alterations import Alteration
from provisioner.proof.altered import FAULTS, Altered, cms_of, state_line, wrong
from provisioner.proof.leaves import rules_of
from provisioner.proof.ledger import Ledger
from provisioner.proof.rewound import Copies
from provisioner.proof.steps import StepProof
from provisioner.proof.stored import Change, changes, stored
from provisioner.station.centre import Centre, stations
from provisioner.station.copies import Copy, copied, frozen
from provisioner.station.lifecycle import down, forget_killed, reset, up
from provisioner.subject.check import Check
from provisioner.subject.ledger_file import StateLine

#: How many stations work at the same time.
_WORKERS = min(8, (os.cpu_count() or 1) + 1)


@dataclass(frozen=True)
class AlteredProof(StepProof):
    """What a step showed, and after each alteration; `refused`: those that the CMS doesn't take, in French."""

    states: tuple[StateLine, ...] = ()
    refused: tuple[str, ...] = ()


def prove_altered(
    centre: Centre, golden: Golden, steps: Sequence[Altered], ledger: Ledger, *, changed: bool = False
) -> list[AlteredProof]:
    """The proof of each of these steps, in a room of its own; each is written into the ledger at once.

    With `changed`, what the ledger has already isn't proven again.
    """
    run = _Run(centre, golden, ledger)
    recalled = {step.key: _recalled(step, ledger) for step in steps if changed and ledger.proof_of(step)}
    waiting = [step for step in steps if step.key not in recalled]
    if waiting:
        run.prove(waiting)
    return [recalled.get(step.key) or run.proofs[step.key] for step in steps]


def _recalled(step: Altered, ledger: Ledger) -> AlteredProof:
    line = ledger.standings.of(step).line
    if line is None:
        return AlteredProof(step)
    return AlteredProof(step, failure="", recalled=True, states=line.states, refused=line.refused)


@dataclass
class _Run:
    """One run: the proofs that it made, by the keys of their steps."""

    centre: Centre
    golden: Golden
    ledger: Ledger
    proofs: dict[str, AlteredProof] = field(default_factory=dict)
    _states: int = 0
    #: Set when the run ends before all is done: a step of many copies must not be awaited.
    _ending: Event = field(default_factory=Event)

    def prove(self, steps: Sequence[Altered]) -> None:
        """Prove these steps, on several stations at the same time."""
        waiting: Queue[Altered] = Queue()
        for step in steps:
            waiting.put(step)
        forget_killed(self.centre, "preuve")
        room = Room.on_free_ports(f"preuve-{os.getpid()}", _WORKERS)
        at_work = replace(self.centre, room=room, progress=Quiet())
        folder = self.centre.state.report_folder("preuves", self.golden.stack, datetime.now(self.centre.settings.zone))
        with ExitStack() as cleanup:
            cleanup.callback(down, at_work)
            up(at_work, min(_WORKERS, len(steps)), ["preuve"], self.golden)
            with ThreadPoolExecutor(_WORKERS) as pool:
                work = partial(self._work, at_work, waiting, folder, len(steps))
                futures = [pool.submit(work, station) for station in stations(at_work)]
                try:
                    for future in futures:
                        awaited(future).result()
                except BaseException:
                    self._ending.set()
                    raise

    def _work(self, centre: Centre, waiting: "Queue[Altered]", folder: Path, total: int, station: Station) -> None:
        """Do steps on that station until none is waiting."""
        room = centre.room
        with ExitStack() as browsers:
            opened = partial(candidate_browser, room.port_of(station.place), room.local_address)
            candidate = browsers.enter_context(RestartingBrowser(opened))
            examiner = browsers.enter_context(Examiner(room.examiner_port, station.place, tls=room.tls))
            worker = _Worker(centre, self.golden, candidate, examiner, NotesOnly(folder), self._ending)
            with suppress(Empty, _Ended):
                while True:
                    self._end(worker.prove(waiting.get_nowait(), station.name), total)

    def _end(self, proof: AlteredProof, total: int) -> None:
        self.proofs[proof.step.key] = proof
        self._states += len(proof.states)
        if proof.failure:
            self.ledger.remove([proof.step])
        else:
            self.ledger.add(proof, proof.states, proof.refused)
        self.centre.progress.step(
            f"{len(self.proofs)}/{total} {type(proof.step.checks[0]).id} : {len(proof.states)} états, "
            f"{self._states} en tout, {len(proof.refused)} refusés ; {proof.failure or 'prouvé'} ({proof.seconds} s)"
        )


class _Ended(Exception):
    """The run ends before a step was done."""


@dataclass
class _Seen:
    """What the check found of the work and after each alteration, what of that is wrong, and what the CMS refused.

    `harm_refused` is whether that would have harmed the work: then the CMS itself keeps it from being spoilt.
    """

    found: list[Finding]
    states: list[StateLine] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    harm_refused: bool = False


@dataclass
class _Worker:
    """Does steps on one station, with a candidate's browser and an examiner's."""

    centre: Centre
    golden: Golden
    candidate: RestartingBrowser
    examiner: Examiner
    evidence: Evidence
    ending: Event
    context: BrowserContext | None = None

    def prove(self, step: Altered, station: str) -> AlteredProof:
        """Do the work of a step, and verify each alteration of it; what broke off is tried once more."""
        began, retried = time.monotonic(), ""
        for _ in range(2):
            try:
                seen = self._attempt(step, station)
            except _Ended:
                raise
            except Exception as error:  # whatever it raised
                seen = _Seen([], failures=[f"étape interrompue : {stopped_by(error)}"])
                retried = retried or seen.failures[0]
            else:
                break
        seconds = round(time.monotonic() - began, 1)
        verdicts = [finding.verdict for finding in seen.found]
        verdicts += [verdict for state in seen.states for verdict in state.found.values()]
        fault = not seen.found or any(verdict in FAULTS for verdict in verdicts)
        failure, states, refused = " ; ".join(seen.failures), tuple(seen.states), tuple(seen.refused)
        return AlteredProof(step, [seen.found], failure, fault, seconds, retried, states=states, refused=refused)

    def _attempt(self, step: Altered, station: str) -> "_Seen":
        fresh, _ = reset(self.centre, station, self.golden)
        alterations = step.alterations(self._worked(step, fresh))
        check = step.checks[0]
        with frozen(self.centre, fresh) as (image, taken_at):
            copy_of = partial(copied, self.centre, fresh, image, taken_at, (company_of(self.golden.stack) / "media",))
            with Copies(copy_of) as copies:
                with copies.one(spent=False) as copy:
                    seen = _Seen(self._look(check, copy))
                if failure := step.failure([seen.found]):
                    seen.failures.append(failure)
                    return seen
                for alteration in alterations:
                    if self.ending.is_set():
                        raise _Ended
                    with copies.one(spent=alteration.may_lose_files) as copy:
                        self._try(alteration, check, copy, seen)
        seen.failures += filter(None, [_too_little(step, seen)])
        return seen

    def _try(self, alteration: Alteration, check: Check, copy: Copy, seen: "_Seen") -> None:
        """Alter the copy, and note what the check finds then."""
        if refused := altered(alteration, cms_of(check), copy.inside, copy.station.address):
            seen.refused.append(f"{alteration.name} : {refused}")
            seen.harm_refused |= alteration.harmful
            return
        found = self._look(check, copy)
        seen.states.append(state_line(alteration, found))
        seen.failures += filter(None, [wrong(alteration, seen.found, found)])

    def _worked(self, step: Altered, station: Station) -> Sequence[Change]:
        """Do the work of the step as the station's candidate: the rows that it changed."""
        credentials = self.centre.state.credentials(station.container)
        if credentials is None:
            raise StationNotReady(f"Les identifiants de {station.name} ne sont pas connus.")
        inside, without = Inside(self.centre.engine, station.container), rules_of(cms_of(step.checks[0])).without
        context, self.context = self.context or new_context(self.candidate.browser, self.centre.settings), None
        try:
            desk = CandidateDesk(context, station, credentials, (company_of(self.golden.stack) / "media",))
            for check in step.checks:
                check.given(desk)
            before = stored(inside, without)
            step.act(desk)
            desk.leave()
        except BaseException:
            with suppress(PlaywrightError):
                context.close()
            raise
        self.context = context
        return changes(before, stored(inside, without))

    def _look(self, check: Check, copy: Copy) -> list[Finding]:
        """What a check finds on a copy; a second time where it could not be verified."""
        found = self._look_once(check, copy)
        return self._look_once(check, copy) if any(one.verdict in FAULTS for one in found) else found

    def _look_once(self, check: Check, copy: Copy) -> list[Finding]:
        with self.examiner.within(DEADLINE):
            site = CopySite(self.examiner.browser, copy, self.evidence)
            try:
                return check.verify(site)
            except Exception as error:  # a check that stops is at fault, or the station
                verdict = Verdict.BLOCKED if isinstance(error, StationNotReady) else Verdict.BROKEN
                return [Finding(fact, verdict, "", reason_of(error)) for fact in check.facts()]
            finally:
                with suppress(PlaywrightError):
                    site.close()


def _too_little(step: Altered, seen: _Seen) -> str:
    """Why what was tried proves nothing, in French; empty where it does, or where the CMS takes nothing that harms the work."""
    return "" if seen.harm_refused and seen.states else step.too_little(seen.states)


def altered(alteration: Alteration, cms: str, inside: Inside, address: str) -> str:
    """Alter that of a site by the classes of its CMS: why it doesn't take it, in French; empty when it is done.

    BuildFailed where the script breaks off.
    """
    script = (ROOT / "checks" / cms / "alter.php").read_text(encoding="utf-8").removeprefix("<?php")
    asked = json.dumps({"address": address, "requests": alteration.requests()})
    said = inside.run("php", "-r", script, stdin=asked.encode(), user="www-data")
    answer = json.loads(said.splitlines()[-1])  # notices of the CMS may stand before
    if "refused" in answer:
        return f"le CMS le refuse (détail : {str(answer['refused'])[:200]})"
    return "" if answer["altered"] else "le CMS garde la même chose"
