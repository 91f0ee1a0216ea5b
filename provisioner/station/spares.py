"""Spares: one running station per stack, proven pristine, that `reset` hands over in a second or two.

A spare runs on a network of its own and is nobody's: it has no address and no candidate, and its cron is off. At the
hand-over it reads whose it is, then joins the place's network. The engine can't change labels, so those of its place
stand in its record, and the ones that are needed without the record also in its name.
"""

import hashlib
import secrets
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from datetime import UTC, datetime

from provisioner.core.errors import Busy, EngineError, ProvisionerError, StationNotReady
from provisioner.core.model import Credentials, Golden, Station, WantedStation
from provisioner.core.records import Pristine, Spare
from provisioner.core.waiting import wait_until
from provisioner.engine.protocol import ContainerSpec, ContainerState
from provisioner.host.companies import HOME
from provisioner.host.editions import stack_named
from provisioner.station import sittings
from provisioner.station.answering import HEALTH, await_answer
from provisioner.station.centre import Centre, station_named
from provisioner.station.creation import WATCHED, limits_of
from provisioner.station.identity import (
    labels_of,
    labels_of_spare,
    name_of_given,
    new_credentials,
    payload_line,
    startup_payload,
    station_of,
)
from provisioner.station.lifecycle import reset, same_again
from provisioner.station.pristine import compare
from provisioner.station.recovery import recovered
from provisioner.station.switching import retire_container, switch_container

_PATIENCE = 60
#: How many stations are renewed at the same time: while some wait for the gateway, others start.
AT_ONCE = 12


def spares(centre: Centre, golden: Golden) -> list[ContainerState]:
    """The spares of a golden image that run, are proven, and weren't handed over."""
    containers = centre.engine.containers(
        kind="spare", room=centre.room.name, stack=golden.stack, golden=golden.image, brief=True
    )
    return [spare for spare in containers if _proven(centre, spare) and spare.state == "running"]


def bridge_of(centre: Centre, stack: str) -> str:
    """The interface of a stack's spares on this machine, of 15 signs at most: the same whatever stacks are added."""
    edition = stack_named(stack)
    if edition.company != HOME:
        return f"{centre.room.mark}-{hashlib.sha256(stack.encode()).hexdigest()[:6]}"
    return f"{centre.room.mark}-r{edition.cms[0]}{edition.edition[-2:]}"


def prepare(centre: Centre, golden: Golden) -> None:
    """Have a spare of this golden image ready: running, and every file and table compared with the image."""
    with centre.state.holding(centre.room.name, f"reserve-{golden.stack}", "spare"):
        if spares(centre, golden):
            return
        _clear(centre, golden.stack)
        engine, settings, name = centre.engine, centre.settings, f"reserve-{golden.stack}"
        centre.progress.step(f"{golden.stack} : un poste de réserve démarre")
        network = f"e5b-{centre.room.name}-{name}"
        if network not in engine.networks(kind="network", room=centre.room.name):
            engine.create_network(
                network,
                "",
                {"e5b.kind": "network", "e5b.room": centre.room.name, "e5b.role": "spare"},
                bridge=bridge_of(centre, golden.stack),
            )
        container = engine.create(
            ContainerSpec(
                name=f"{network}-{secrets.token_hex(3)}",
                image=golden.image,
                labels=labels_of_spare(centre.room, golden),
                environment={"TZ": settings.time_zone},
                limits=limits_of(settings),
                capabilities=WATCHED,
                stdin=True,
                restart=True,
                internet=True,
            )
        )
        try:
            centre.state.keep(container, Credentials("", ""), {"spare": Spare()})
            for network_given in engine.container(container).networks:
                engine.disconnect(network_given, container)
            engine.connect(network, container)
            payload = {"layer_mib": settings.layer_mib, "time_zone": settings.time_zone}
            engine.start(container, stdin=payload_line(payload))
            _await_health(centre, container)
            centre.progress.step(f"{golden.stack} : la réserve est comparée à l'image de référence")
            compare(centre, container, name, golden)
            engine.bound_processors(container, limits_of(settings))
            centre.state.note(container, spare=Spare(golden=golden.image, proven_at=centre.state.now()))
        except BaseException:
            centre.discard(container)
            raise


def prepare_each(centre: Centre, goldens: Iterable[Golden]) -> list[ProvisionerError]:
    """Have a spare of each, unless another command is making it; the errors of those that couldn't be made."""
    errors: list[ProvisionerError] = []
    for golden in goldens:
        try:
            with suppress(Busy):
                prepare(centre, golden)
        except ProvisionerError as error:
            errors.append(error)
    return errors


def renew(
    centre: Centre,
    name: str,
    golden: Golden,
    discard: str = "",
    wanted: WantedStation | None = None,
    decided_by: sittings.Basis | None = None,
) -> tuple[Station, float]:
    """As `reset`, by handing over a spare where one is ready; the pristine proof is then the comparison made before.

    The seconds count the caller's whole wait, also where the hand-over failed and a station was made without it.
    """
    started = time.monotonic()
    with ExitStack() as stack:
        ready = spares(centre, golden)
        if ready:
            try:
                stack.enter_context(centre.state.holding(centre.room.name, f"reserve-{golden.stack}", "reset"))
                ready = spares(centre, golden)
            except Busy:  # it is being made, or handed over at another place
                ready = []
        if ready:
            try:
                station = _hand_over(centre, name, ready[0], golden, discard, wanted, decided_by)
                return station, round(time.monotonic() - started, 2)
            except (EngineError, StationNotReady) as failed:  # nothing has changed, except that the spare was removed
                centre.progress.step(
                    f"{name} : la réserve n'a pas pu être donnée, un poste est fait sans elle (détail : {failed})"
                )
    station, _ = reset(centre, name, golden, discard, wanted, decided_by)
    return station, round(time.monotonic() - started, 2)


def _hand_over(
    centre: Centre,
    name: str,
    spare: ContainerState,
    golden: Golden,
    discard: str,
    wanted: WantedStation | None,
    decided_by: sittings.Basis | None,
) -> Station:
    engine = centre.engine
    with centre.state.holding(centre.room.name, name, "reset"):
        before = recovered(centre, name)
        sittings.refuse_if_changed(centre.state, before, decided_by)
        old_station, gateway = station_of(before), centre.gateway
        wanted = wanted or same_again(centre, old_station, golden)
        credentials = wanted.credentials or new_credentials(golden.stack)
        join = gateway.next_join(old_station.place, before)
        prepared = centre.state.record(spare.id).spare
        proof = Pristine(golden=golden.image, by="comparison", at=prepared.proven_at if prepared else "")
        since = {"e5b.since": datetime.now(UTC).isoformat()}
        centre.state.keep(
            spare.id,
            credentials,
            {
                "station": name,
                "pristine": proof,
                "labels": {**labels_of(centre.room, wanted), **since},
                **wanted.record().document(),
            },
        )
        try:
            engine.rename(spare.id, name_of_given(centre.room, wanted))  # for labels_in_name, should the record be lost
            with ThreadPoolExecutor(2) as pool:
                leaving = [pool.submit(engine.disconnect, network, spare.id) for network in spare.networks]
                payload = startup_payload(centre.room, centre.settings, old_station.place, credentials)
                result = engine.run(spare.id, ["/opt/e5b/hand-over", join.address], stdin=payload)
                for disconnection in leaving:
                    disconnection.result()
            engine.connect(join.network, spare.id, join.address)
            if result.status == 0 and centre.room.domain:  # only now: the engine writes the same file as it connects
                result = engine.run(spare.id, ["/opt/e5b/know-names", join.address], stdin=payload)
            if result.status != 0:
                raise StationNotReady(result.stderr.decode(errors="replace").strip()[-200:] or f"code {result.status}")
            await_answer(
                engine,
                centre.room,
                old_station.place,
                spare.id,
                route_id=gateway.route_id(old_station.place, join),
                path=HEALTH,
            )
        except BaseException:
            centre.discard(spare.id)
            raise
        switch_container(centre, before, spare.id, join, "reset")
        retire_container(centre, before, join, discard)
        return station_named(centre, name)


def _proven(centre: Centre, container: ContainerState) -> bool:
    record = centre.state.record(container.id)
    return record.spare is not None and record.spare.proven_at != "" and not record.labels


def _clear(centre: Centre, stack: str) -> None:
    """Remove the spares of a stack that aren't ready; never one that was handed over to a candidate."""
    for container in centre.engine.containers(kind="spare", room=centre.room.name, stack=stack):
        record = centre.state.record(container.id)
        if not container.started or (record.spare is not None and not record.labels):
            centre.discard(container.id)


def _await_health(centre: Centre, container: str) -> None:
    def missing() -> str:
        return "" if centre.engine.run(container, ["/opt/e5b/healthy"]).status == 0 else "la santé du poste"

    if wait_until(missing, _PATIENCE):
        raise StationNotReady("Le poste de réserve ne démarre pas. Recommencez avec « e5b spare ».")
