"""Starts, extends and stops a candidate's time: the clock is written first, then the access window follows it."""

import secrets
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from provisioner.core import clock
from provisioner.core.clock import EXAM_MINUTES, Clock, ClockEntry
from provisioner.core.errors import EvidenceLost, Refusal, StationNotReady
from provisioner.core.model import Station
from provisioner.core.records import Event
from provisioner.core.waiting import wait_until
from provisioner.station.access import settle_access_windows
from provisioner.station.answering import NO_ANSWER, why_closed
from provisioner.station.centre import Centre, station_named
from provisioner.station.identity import station_of
from provisioner.station.recovery import recovered

_PATIENCE = 20
#: For how long the same command with the same reason is taken for a repetition of one that was interrupted.
REPEATED_WITHIN = timedelta(minutes=10)
#: How often in a row the access window must agree with the clock: the gateway's old workers may still answer briefly.
_SURE = 5


def start(centre: Centre, name: str, extra: int = 0, why: str = "") -> tuple[Station, Clock]:
    """Open a station to its candidate for the time of the exam, or give `extra` minutes to one who has begun."""
    with centre.state.holding(centre.room.name, name, "start"):
        station = station_of(recovered(centre, name))
        entries = _entries(centre, station)
        running = clock.read(entries)
        # A command that was killed between writing the clock and moving the window is repeated: give no time twice.
        cut_short = station.place in settle_access_windows(centre)
        change = ("extra", extra) if extra else ("start", EXAM_MINUTES)
        is_repeated = bool(running) and (entries[-1].what, entries[-1].minutes) == change
        if running and is_repeated and cut_short:
            return _followed(centre, station, running)
        if running and is_repeated and extra and entries[-1].why == why:
            given_at = entries[-1].at
            # `cut_short` shows only the station at which a command was killed: those before it already have their time.
            if abs(centre.state.present() - given_at) < REPEATED_WITHIN:
                centre.progress.step(
                    f"{name} : ces {extra} minutes ont déjà été données à {given_at:%H h %M}, elles ne le sont pas deux fois. Pour en "
                    "donner encore, dites pourquoi avec « --why RAISON » (une autre raison, s'il y en avait une)"
                )
                return _followed(centre, station, running)
        if running and not extra:
            settle_access_windows(centre, sure=True)
            over = running.over(centre.state.present())
            raise Refusal(
                f"Le candidat de {name} a commencé à {running.started:%H h %M} et {'a fini' if over else 'finit'} à "
                f"{running.end:%H h %M}. Pour lui donner du temps : « e5b start {name} --extra MINUTES » ; pour le candidat "
                f"suivant : {'' if over else f'« e5b stop {name} », puis '}« e5b reset {name} »."
            )
        station = _awake(centre, station)
        if station.state != "prêt":
            raise StationNotReady(
                f"{name} n'est pas prêt ({station.state}) : le temps n'est pas compté. Lancez « e5b up », ou « e5b "
                f"replace {name} »."
            )
        at = datetime.fromisoformat(centre.state.now())
        if not running:
            if centre.state.record(station.container).lost:
                centre.progress.step(
                    f"{name} : ce qui était noté de ce poste n'est plus lisible, le temps part de maintenant"
                )
            entries.append(ClockEntry(at=at, what="start", minutes=EXAM_MINUTES, why="" if extra else why))
            _warn_if_not_listed(centre, station)
        if extra:
            entries.append(ClockEntry(at=at, what="extra", minutes=extra, why=why))
        return _write_clock(centre, station, entries)


def _warn_if_not_listed(centre: Centre, station: Station) -> None:
    """Warn where a candidate who begins is no longer on the list, by which the commission's forms are printed."""
    candidate = centre.state.record(station.container).candidate
    with suppress(EvidenceLost):
        roster = centre.state.roster(centre.room.name)
        if candidate and roster and candidate.key not in {entry.key for entry in roster.entries}:
            centre.progress.step(
                f"{station.name} : la liste n'a plus le candidat {candidate.number}, {candidate.name} {candidate.first_name}. "
                "Il commence tout de même ; donnez-la de nouveau avec « e5b up --roster », qui l'y remet, avant d'archiver son poste"
            )


def _awake(centre: Centre, station: Station) -> Station:
    """The station after a pause: a snapshot pauses it for a fraction of a second."""

    def paused() -> str:
        nonlocal station
        station = station_named(centre, station.name)
        return station.state if station.state == "en pause" else ""

    if station.state == "en pause":
        wait_until(paused, _PATIENCE, pause=0.05)
    # The engine's health check runs twice a minute, and may have run at a bad time.
    if station.state == "en défaut" and centre.engine.run(station.container, ["/opt/e5b/healthy"]).status == 0:
        return replace(station, state="prêt")
    return station


def stop(centre: Centre, name: str, why: str = "") -> tuple[Station, Clock]:
    """End a candidate's time now: the access window closes, the work stays."""
    with centre.state.holding(centre.room.name, name, "stop"):
        station = station_of(recovered(centre, name))
        entries = _entries(centre, station)
        running = clock.read(entries)
        if not running or running.over(centre.state.present()):
            settle_access_windows(centre, sure=True)
            raise Refusal(f"Le temps du candidat de {name} ne court pas : il n'y a rien à arrêter.")
        entries.append(ClockEntry(at=datetime.fromisoformat(centre.state.now()), what="stop", why=why))
        return _write_clock(centre, station, entries)


def _entries(centre: Centre, station: Station) -> list[ClockEntry]:
    return list(centre.state.record(station.container).clock)


def _write_clock(centre: Centre, station: Station, entries: list[ClockEntry]) -> tuple[Station, Clock]:
    """Write the clock and its event into the record, then have the access window follow."""
    running = clock.read(entries)
    assert running is not None
    record, last = centre.state.record(station.container), entries[-1]
    event = (
        [] if last.what == "start" else [Event(at=last.at, what=last.what, minutes=last.minutes or None, why=last.why)]
    )
    centre.state.note(
        station.container,
        clock=tuple(entries),
        sitting=record.sitting or secrets.token_hex(6),
        events=(*record.events, *event),
    )
    return _followed(centre, station, running)


def _followed(centre: Centre, station: Station, running: Clock) -> tuple[Station, Clock]:
    """Have the access window follow the candidate's clock, and see by requests, as from a browser, that it does."""
    settle_access_windows(centre, sure=True)  # a command that was killed may have written the windows without a reload
    confirmed = 0

    def missing() -> str:
        nonlocal confirmed
        expected = "over" if running.over(centre.state.present()) else ""
        try:
            observed = why_closed(centre.room, station.place)
        except NO_ANSWER as error:
            observed = type(error).__name__
        confirmed = confirmed + 1 if observed == expected else 0
        return "" if confirmed == _SURE else observed or "ouverte"

    if wait_until(missing, _PATIENCE, pause=0.05):
        raise StationNotReady(
            f"La porte de {station.name} ne suit pas l'heure du candidat. Son temps est noté, ne le donnez pas deux fois : "
            "lancez « e5b up »."
        )
    return station, running
