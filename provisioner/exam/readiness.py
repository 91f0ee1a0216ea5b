"""What a room needs before the candidates come, point by point: what is there, what is missing, who mends it and how."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache

from provisioner.build.stacks import golden_of
from provisioner.core.errors import ProvisionerError, Refusal
from provisioner.core.model import Golden, Stack
from provisioner.core.records import RosterEntry, RosterRecord
from provisioner.doctor.room_needs import look_at_clock, look_at_room
from provisioner.exam.proposed_list import proposed_list
from provisioner.french.text import numbered
from provisioner.host.companies import HOME
from provisioner.host.editions import editions_chosen, stack_named
from provisioner.host.fingerprint import is_made_otherwise
from provisioner.host.paths import Paths
from provisioner.leakcheck.last_proof import NetworkProof, last_proof
from provisioner.leakcheck.room_wiring import status_of_wiring
from provisioner.station.centre import Centre, in_use, one_per_station
from provisioner.station.identity import station_of
from provisioner.station.spares import spares


class Level(StrEnum):
    """How a point stands, in the word that people read."""

    DONE = "fait"
    LATER = "à l’ouverture"
    LOOK = "à voir"
    BLOCKS = "empêche"


@dataclass(frozen=True)
class Point:
    """One point: what is seen, and where something is missing the `remedy`, in French, without full stops.

    `act`: the kind of act that mends it from the console; empty where a person does.
    """

    id: str
    title: str
    level: Level
    text: str
    remedy: str = ""
    act: str = ""


@dataclass(frozen=True)
class Readiness:
    """All points, in the order in which they are mended; how many stations are open, and how many the list needs."""

    points: tuple[Point, ...]
    open: int
    needed: int

    @property
    def blocking(self) -> tuple[Point, ...]:
        """The points that prevent opening."""
        return tuple(point for point in self.points if point.level is Level.BLOCKS)


def readiness(centre: Centre, paths: Paths) -> Readiness:
    """Look at each point now; what can't be looked at is said in its place. Changes nothing."""
    room = _Room(centre, paths)
    looks: tuple[tuple[str, str, Callable[[], Point]], ...] = (
        ("candidates", "Candidats", room.candidates),
        ("editions", "Éditions", room.editions),
        ("machine", "Disque, mémoire", room.machine),
        ("network", "Réseau", room.network),
        ("clock", "Horloge", room.clock),
        ("spares", "Réserve", room.spares),
    )
    points = tuple(_looked(id, title, look) for id, title, look in looks)
    return Readiness(points, room.open, len({entry.place for entry in room.coming}))


def editions_needed(centre: Centre) -> list[Stack]:
    """The editions of the candidates who are still to come; without a list, those that the settings choose."""
    entries = [entry for entry in centre.state.entries(centre.room.name) if not entry.archived]
    if entries:
        return [stack_named(stack) for stack in sorted({entry.stack for entry in entries})]
    return editions_chosen(centre.settings)


def editions_to_build(centre: Centre) -> list[Stack]:
    """The editions that the settings choose, and those with another company that candidates still to come need."""
    return [*editions_chosen(centre.settings), *(one for one in editions_needed(centre) if one.company != HOME)]


def _looked(id: str, title: str, look: Callable[[], Point]) -> Point:
    try:
        return look()
    except ProvisionerError as error:
        return Point(id, title, Level.LOOK, str(error))


class _Room:
    """What is asked once for all points."""

    def __init__(self, centre: Centre, paths: Paths) -> None:
        self._centre, self._paths = centre, paths
        self._present = centre.state.present()
        self._lost = ""
        self._roster: RosterRecord | None = None
        try:
            self._roster = centre.state.roster(centre.room.name)
        except ProvisionerError as error:
            self._lost = str(error)
        self.coming = [entry for entry in self._entries() if not entry.archived]
        # Asked once for all of them: each station's health, which takes a question each, isn't needed here.
        self._stations = [station_of(one) for one in one_per_station(centre, in_use(centre, brief=True))]
        self.open = len(self._stations)
        self._golden = cache(lambda stack: golden_of(centre.engine, stack_named(stack)))

    def _entries(self) -> Sequence[RosterEntry]:
        return self._roster.entries if self._roster else ()

    def candidates(self) -> Point:
        """The list: given, without remarks, of days to come."""
        point = _point("candidates", "Candidats")
        if waiting := proposed_list(self._centre):
            text = f"la liste « {waiting.file} » est déposée, et n'est pas encore confirmée"
            level = Level.LOOK if self._entries() else Level.BLOCKS
            return point(level, text, "regardez-la, puis confirmez-la ou retirez-la")
        if self._lost:
            return point(Level.BLOCKS, "la liste n'est plus lisible", "déposez-la de nouveau")
        if self._roster is None or not self._entries():
            return point(
                Level.BLOCKS, "aucune liste n'est donnée", "déposez la liste du centre, en CSV ou en classeur .xlsx"
            )
        hours = sorted({entry.at for entry in self._entries()})
        text = f"la liste « {self._roster.file} » a {numbered(len(self._entries()), 'candidat')}, {numbered(len(hours), 'série')}"
        if all(self._day(entry.at) < self._present.date() for entry in self._entries()):
            return point(Level.BLOCKS, f"{text} ; tous ses jours sont passés", "déposez la liste d'aujourd'hui")
        first = min(day for entry in self._entries() if (day := self._day(entry.at)) >= self._present.date())
        text += " ; aujourd'hui" if first == self._present.date() else f" ; le {first:%d/%m}"
        if self._roster.warnings:
            remarks = numbered(len(self._roster.warnings), "remarque")
            return point(Level.LOOK, f"{text} ; {remarks}", "lisez-les dans la page de la liste")
        return point(Level.DONE, text)

    def _day(self, at: datetime) -> date:
        return at.astimezone(self._centre.settings.zone).date()

    def editions(self) -> Point:
        """The golden images of the list's editions: built by this program, conforming, not too old."""
        point, said, levels, remedies = _point("editions", "Éditions", "build"), [], [Level.DONE], []
        for stack in editions_needed(self._centre):
            level, text, remedy = self._edition(stack, self._golden(stack.id))
            said.append(f"{stack.title} : {text}")
            levels.append(level)
            remedies.append(remedy)
        return point(_worst(levels), " · ".join(said), " ; ".join(dict.fromkeys(filter(None, remedies))))

    def _edition(self, stack: Stack, golden: Golden | None) -> tuple[Level, str, str]:
        if golden is None:
            return Level.BLOCKS, "pas encore construite", "construisez-la, pendant que la machine a encore Internet"
        built_at = golden.built_at.astimezone(self._centre.settings.zone)
        text = f"{golden.conformity.french}, construite {_ago(built_at, self._present)}"
        if not stack.official:
            return (
                Level.LOOK,
                f"{text}, édition d'essai",
                "pour l'épreuve, choisissez l'édition officielle dans e5b.toml",
            )
        if not golden.conformity.conforming:
            return (
                Level.LOOK,
                text,
                "pour l'épreuve, apportez les archives prévues (« e5b artifacts »), puis construisez",
            )
        if is_made_otherwise(golden):
            return Level.LOOK, f"{text}, par une autre version d'e5b", "construisez-la de nouveau"
        if golden.stale(self._present):
            return Level.LOOK, text, "ses dates vieillissent : construisez-la de nouveau"
        return Level.DONE, text, ""

    def machine(self) -> Point:
        """Memory and disk for the stations of the list."""
        count = len({entry.place for entry in self.coming})
        found, can_open = look_at_room(self._paths, count, self.open)
        level = Level.DONE if found.ok else Level.LOOK if can_open else Level.BLOCKS
        return Point("machine", "Disque, mémoire", level, found.text, found.advice)

    def network(self) -> Point:
        """The wiring, and when the room was last proven to hold."""
        proof = last_proof(self._centre)
        wired, remedy = self._wired()
        point = _point("network", "Réseau", "prove" if self.open else "")
        if proof is None:
            if not self.open:
                later = "la preuve se fait une fois la salle ouverte"
                return point(Level.LOOK if remedy else Level.LATER, f"{wired} ; {later}", remedy)
            return point(
                Level.LOOK, f"{wired} ; jamais prouvé", remedy or "prouvez-le avant que les candidats viennent"
            )
        text = f"{wired} ; dernière preuve {_ago(proof.at, self._present)}"
        if wrong := _wrong(proof):
            return point(
                Level.BLOCKS if self.open else Level.LOOK,
                f"{text} : {wrong}",
                remedy
                or "rien ne doit sortir : prouvez de nouveau, et n'ouvrez à personne tant qu'une voie reste ouverte",
            )
        if remedy:
            return point(Level.LOOK, text, remedy)
        if proof.at.astimezone(self._present.tzinfo).date() != self._present.date():
            return point(
                Level.LOOK if self.open else Level.LATER, text, "prouvez-le de nouveau aujourd'hui" if self.open else ""
            )
        return point(Level.DONE, f"{text} : la salle tient")

    def _wired(self) -> tuple[str, str]:
        """Whether the wiring is laid, and who lays it where it isn't."""
        declared = self._centre.settings.network.wiring
        if not declared:
            return (
                "aucun câblage n'est déclaré",
                "qui administre la machine écrit « wiring » sous [network] dans e5b.toml",
            )
        lay = "qui administre la machine lance « sudo e5b network on »"
        try:
            status = status_of_wiring(self._centre)
        except Refusal:  # the rules of the machine are an administrator's to read
            return f"câblage « {declared} » déclaré", "que ses règles sont posées, « sudo e5b network status » le dit"
        if not status["wiring"]:
            return f"câblage « {declared} » pas posé", lay
        if not status["holds"]:
            missing = ", ".join(part["part"] for part in status["parts"] if not part["there"])
            return f"câblage « {status['wiring']} » incomplet", f"il manque {missing} : {lay}"
        if status["wiring"] != "routeur":  # it isn't this machine's to hold
            return f"câblage « {status['wiring']} », posé sur chaque machine de candidat", ""
        return f"câblage « {status['wiring']} » posé", ""

    def clock(self) -> Point:
        """The machine's clock."""
        found = look_at_clock()
        return Point("clock", "Horloge", Level.DONE if found.ok else Level.LOOK, found.text, found.advice)

    def spares(self) -> Point:
        """A spare of each edition of the room."""
        point = _point("spares", "Réserve", "spare" if self.open else "")
        if not self.open:
            return point(Level.LATER, "un poste de réserve par édition est préparé avec la salle")
        ready, lacking = list[str](), list[str]()
        for stack in sorted({station.stack for station in self._stations}):
            golden = self._golden(stack)
            found = spares(self._centre, golden) if golden else []
            title = stack_named(stack).title
            (ready if found else lacking).append(f"{len(found)} poste {title}" if found else title)
        if lacking:
            return point(
                Level.LOOK,
                f"aucun poste de réserve pour {' · '.join(lacking)}",
                "préparez-la : le candidat suivant attendra moins",
            )
        return point(Level.DONE, " · ".join(ready))


def _point(id: str, title: str, act: str = "") -> Callable[..., Point]:
    """Makes the point of that name; the act that mends it goes with it where it isn't done."""

    def made(level: Level, text: str, remedy: str = "") -> Point:
        return Point(id, title, level, text, remedy, act if level is not Level.LATER else "")

    return made


def _worst(levels: Sequence[Level]) -> Level:
    return next(level for level in (Level.BLOCKS, Level.LOOK, Level.DONE) if level in levels)


def _wrong(proof: NetworkProof) -> str:
    """What the last proof found open or couldn't tell, in French; empty where the room held."""
    if proof.leaks:
        return f"{numbered(len(proof.leaks), 'voie ouverte', 'voies ouvertes')} ({', '.join(proof.leaks[:3])})"
    if proof.unheld and proof.wiring == "routeur":
        return proof.unheld.rstrip(".")
    return ""


def _ago(at: datetime, present: datetime) -> str:
    """When something was, in whole days: "aujourd'hui", "hier", "il y a 3 jours"."""
    days = (present.date() - at.astimezone(present.tzinfo).date()).days
    return {0: "aujourd'hui", 1: "hier"}.get(days, f"il y a {days} jours" if days > 0 else f"le {at:%d/%m/%Y}")
