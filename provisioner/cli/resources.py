"""Opens what a command works with: the settings, the store, the centre and its stations."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from provisioner.build.overrides import load_overrides
from provisioner.cli.screen import SafeConsole, ScreenProgress
from provisioner.core.declaration import ROOM_NAME
from provisioner.core.errors import ConfigurationError, EngineError, EngineUnavailable, Refusal
from provisioner.core.mistakes import nearest
from provisioner.core.model import Golden, Stack
from provisioner.core.progress import grouped
from provisioner.host.editions import require_session
from provisioner.host.machine import is_root
from provisioner.host.paths import Paths, places
from provisioner.host.settings import RESERVED_ROOMS, Settings, load_settings
from provisioner.host.toml_files import is_there
from provisioner.subject.folders import use_subjects_of

if TYPE_CHECKING:
    from provisioner.build.artifacts import Store
    from provisioner.engine.protocol import Engine
    from provisioner.station.centre import Centre

# The engine's and the browser's libraries take a while to load, and most commands need neither.

progress = ScreenProgress(SafeConsole(stderr=True, highlight=False))


def paths() -> Paths:
    """The program's paths on this machine; with sudo, the state folder of the user who called sudo.

    The store and the settings are that user's too where root has none.
    """
    paths, named, user = Paths.from_environment(), places(), os.environ.get("SUDO_USER")
    if not user or not is_root():
        return paths
    with suppress(RuntimeError):  # expanduser: there is no user of that name
        of_user = Paths.from_environment({"HOME": str(Path(f"~{user}").expanduser())})
        if "E5B_STATE" not in named:
            paths = replace(paths, state=of_user.state)
        if "E5B_CACHE" not in named and not paths.cache.exists():
            paths = replace(paths, cache=of_user.cache)
        if "E5B_CONFIG" not in named and not paths.settings.exists():
            paths = replace(paths, settings=of_user.settings)
    return paths


def settings() -> Settings:
    """The centre's settings; a ConfigurationError where E5B_CONFIG names a file that isn't there."""
    path = paths().settings
    if "E5B_CONFIG" in places() and not is_there(path):
        near = nearest(path.name, [beside.name for beside in path.parent.glob("*.toml")])
        meant = f" Vouliez-vous dire {path.with_name(near)} ?" if near else ""
        raise ConfigurationError(
            f"La variable E5B_CONFIG nomme {path}, qui n'existe pas : corrigez-la, ou retirez-la (« unset E5B_CONFIG ») pour les "
            f"réglages habituels.{meant}"
        )
    settings_read = load_settings(path)
    require_session(settings_read.session)
    use_subjects_of(settings_read)
    return settings_read


def settings_of(session: str) -> Settings:
    """The centre's settings, for another session where one is named: that one's own editions."""
    chosen = settings()
    if session:
        require_session(session)
        return chosen.model_copy(update={"session": session, "editions": {}})
    return chosen


def store() -> Store:
    """The store of archives."""
    from provisioner.build.artifacts import Store

    return Store(paths(), load_overrides(paths().overrides), progress)


def centre(room: str = "", *, foreign: bool = False) -> Centre:
    """What every use-case works with, in that room or in the one of the settings.

    A room that another state folder opened is refused, since its candidates' work isn't known here. `foreign` allows
    it, for commands that change nothing in the room or may lose all of it.
    """
    from provisioner.network.gateway import Room
    from provisioner.station.centre import Centre
    from provisioner.station.state import State

    if room and not re.fullmatch(ROOM_NAME, room):
        raise Refusal(
            f"« {room} » n'est pas un nom de salle : 20 signes au plus, des minuscules sans accent, des chiffres et des tirets."
        )
    settings_read, engine = settings(), answering_engine()
    room_found, state = (
        Room.named(engine, room or settings_read.room, settings_read),
        State(paths(), settings_read.zone),
    )
    if room_found.owner not in ("", state.id) and not foreign:
        raise Refusal(
            f"La salle « {room_found.name} » a été ouverte par un autre utilisateur de cette machine, ou avec un autre "
            "E5B_STATE : lancez la commande comme lui. Si son dossier est perdu, « e5b archive make --all » garde d'abord le "
            "travail des candidats, puis « e5b down --discard RAISON » retire la salle."
        )
    if room_found.tls and not room_found.authority:
        from provisioner.network.certificates import authority_of

        room_found = replace(room_found, authority=authority_of(room_found, settings_read, state.folder))
    return Centre(engine, settings_read, state, replace(room_found, owner=room_found.owner or state.id), progress)


def answering_engine() -> Engine:
    """The engine; where the user was made a member of its group after logging in, the command starts again as one."""
    from provisioner.engine.docker import DockerEngine

    try:
        engine = DockerEngine()
        engine.ping()
    except EngineUnavailable:
        from provisioner.doctor.container_engine import begin_again_as_member

        begin_again_as_member()
        raise
    return engine


def centre_for_new_stations(room: str) -> Centre:
    """As `centre`, for making stations; refuses rooms that e5b empties without asking."""
    if room.partition("-")[0] in RESERVED_ROOMS:
        raise Refusal(
            f"La salle « {room} » est réservée : e5b la vide sans prévenir, et vos postes y seraient perdus. Donnez un autre nom."
        )
    return centre(room)


def golden(of: Centre, stack: Stack, *, todays: bool = False) -> Golden:
    """The golden image of a stack, built where there is none; once, where several commands need it at the same time.

    With `todays`, an image that another version of this program built is built again.
    """
    from provisioner.build.stacks import build
    from provisioner.build.todays_image import golden_or_built

    if todays:
        return build(of.engine, stack, store(), of.settings, progress, again=False)
    return golden_or_built(of.engine, stack, store(), of.settings, progress)


def archives_here(stack: Stack) -> str:
    """Of which archives the golden image of a stack is made that is here; empty where there is none, or no engine."""
    from provisioner.build.stacks import golden_of
    from provisioner.engine.docker import DockerEngine

    try:
        golden = golden_of(DockerEngine(), stack)
    except EngineError:
        return ""
    return golden.archives if golden else ""


def named_stations(of: Centre, names: Sequence[str] | None, everything: bool) -> list[str]:
    """The full names of the stations that were asked for; UnknownName where one doesn't exist."""
    from provisioner.station.centre import station_named, stations

    if everything and names:
        raise Refusal("Dites soit des postes, soit --all : les deux ensemble prêtent à confusion.")
    if everything:
        present = [station.name for station in stations(of)]
        if not present:
            progress.step("La salle n'a aucun poste : « e5b up » en prépare.")
        return present
    if not names:
        raise Refusal("Dites quel poste, par exemple poste-01, ou --all pour tous.")
    return [station_named(of, name).name for name in dict.fromkeys(names)]


def stations_with_work(of: Centre, names: Sequence[str] | None, everything: bool) -> list[str]:
    """As `named_stations`; with `everything`, without the stations whose listed candidate hasn't begun."""
    from provisioner.exam.seating import without_work

    named = named_stations(of, names, everything)
    absent = {name: why for name, why in without_work(of).items() if name in named} if everything else {}
    for sentence in grouped(absent.items()):
        progress.step(sentence)
    return [name for name in named if name not in absent]


def own_proofs() -> Path:
    """Where this machine keeps what it doesn't write into the program's ledgers."""
    return paths().state / "proofs"
