"""An archive brought up again for examiners: the site as the candidate left it, at the candidate's own address.

What runs is a copy on the golden image that the archive names, with cron off, on an internal network with a
door of its own that gives pages and takes nothing; the archive isn't touched. Where this machine already
serves that address, as while the room is open, the door is elsewhere and a browser is told so by one option.
"""

import shutil
import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from ipaddress import IPv4Network
from pathlib import Path
from urllib.parse import quote, urlsplit

import zstandard

from provisioner.archive.archives import Archive, layer_of, unescaped, verify
from provisioner.archive.golden_images import golden_beside, names_of
from provisioner.build.driver import Inside, driver_of
from provisioner.build.stacks import gateway_image
from provisioner.core.errors import AddressesTaken, ArchiveSpoilt, EngineError, Refusal, StationNotReady
from provisioner.engine.layers import sleeping_container, unpack
from provisioner.engine.protocol import ContainerSpec, Join, Limits
from provisioner.host.disk import disk_in_french
from provisioner.host.encryption import readable
from provisioner.host.paths import ROOT
from provisioner.host.templates import environment
from provisioner.network.containment import ensure_firewall, firewall_of, lift_firewall
from provisioner.network.gateway_files import of_every_cms
from provisioner.network.room import Room
from provisioner.station.answering import HEALTH
from provisioner.station.centre import Centre
from provisioner.station.creation import CAPABILITIES

#: Where an examiner is signed in by the door itself.
ENTRANCE = "/.e5b-examinateur"
_PORT = 8080
#: They take addresses in another's place; Firefox doesn't.
_BROWSERS = ("chromium", "google-chrome", "microsoft-edge", "chromium-browser")
_PATIENCE = 90
_STATION = ('ENTRYPOINT ["/opt/e5b/station-init"]',)


@dataclass(frozen=True)
class View:
    """An opened archive: its name, the candidate's address, and where the door is for those who can't use that.

    `earlier` says in French why it isn't of his last state, where it isn't.
    """

    name: str
    address: str
    door: str
    earlier: str = ""

    @property
    def direct(self) -> bool:
        """Whether any browser of this machine finds it at the candidate's own address."""
        return self.door == _place_of(self.address)

    @property
    def browser(self) -> str:
        """The command that opens it at the candidate's address all the same, with a browser that is here."""
        here = next(filter(shutil.which, _BROWSERS), _BROWSERS[0])
        return (
            f'{here} --user-data-dir=/tmp/e5b-{self.name} --host-resolver-rules="MAP {_place_of(self.address)} '
            f'{self.door}" {self.address}{ENTRANCE}'
        )


def open_archive(centre: Centre, path: Path, identity: Path | None = None) -> View:
    """Bring an archive up, once it was read whole; the one that is open already is given as it is."""
    with readable(path, identity, centre.state.folder) as plain:
        with disk_in_french(path, Refusal):
            sealed = verify(plain, path)
        return _view_of(centre, sealed, path.resolve().parent)


def _view_of(centre: Centre, sealed: Archive, beside: Path) -> View:
    name = sealed.sha256[:10]
    with centre.state.holding("archives", name, "archive open"):
        for view in opened(centre):
            if view.name == name:
                return view
        _clear(centre, name)
        try:
            return _opened(centre, sealed, name, beside)
        except BaseException:
            _clear(centre, name)
            raise


def opened(centre: Centre) -> list[View]:
    """Every archive that is open."""
    doors = [one for one in centre.engine.containers(kind="view-door") if one.state == "running"]
    return [
        View(told["e5b.view"], told["e5b.address"], told["e5b.door"], told.get("e5b.earlier", ""))
        for told in (one.labels for one in doors)
    ]


def close(centre: Centre, names: Sequence[str]) -> list[str]:
    """Close these opened archives, or all where none is named; the archives themselves stay."""
    engine = centre.engine
    # Also what a killed `open` or `close` left: any part of one tells of it.
    known = {one.labels["e5b.view"] for one in engine.containers(view="*")}
    known |= {one.labels["e5b.view"] for one in engine.images(view="*")}
    known |= {name.removeprefix("e5b-vue-") for name in engine.networks(view="*")}
    rooms = (one.labels["e5b.room"] for one in engine.containers(kind="guard"))
    known |= {room.removeprefix("vue-") for room in rooms if room.startswith("vue-")}
    if unknown := [name for name in names if name not in known]:
        raise Refusal(f"Aucune archive n'est ouverte sous le nom {', '.join(unknown)}. Voyez « e5b archive open ».")
    closing = sorted(names or known)
    for name in closing:
        _clear(centre, name)
    return closing


def _opened(centre: Centre, sealed: Archive, name: str, beside: Path) -> View:
    engine, manifest, earlier = centre.engine, sealed.manifest, sealed.manifest.why_not_last
    mine = {"e5b.view": name, "e5b.address": manifest.address}
    gateway = gateway_image(engine, centre.settings, centre.progress)
    image = image_of(centre, sealed, beside, {**mine, "e5b.kind": "view"}, f"e5b-vue-{name}-pose")
    network, subnet = _network(centre, {**mine, "e5b.kind": "view-network"}, name)
    ensure_firewall(engine, alone(name), gateway, subnet)
    station = engine.create(
        ContainerSpec(
            name=f"e5b-vue-{name}-poste",
            image=image,
            labels={**mine, "e5b.kind": "view"},
            environment={"TZ": centre.settings.time_zone, "E5B_COPY": "1"},
            join=Join(network, str(subnet[3])),
            limits=Limits(centre.settings.memory_mib, centre.settings.processes),
            capabilities=CAPABILITIES,
        )
    )
    engine.start(station)
    driver = driver_of(manifest.stack)
    signed_in = _patiently_signed_in(centre, station, manifest.address, manifest.stack)
    port, near = _port_for(manifest.address)
    configuration = (
        environment(ROOT / "stacks/gateway", html=False)
        .get_template("view.conf.j2")
        .render(
            entrance=ENTRANCE,
            office=driver.office,
            station=str(subnet[3]),
            acts=of_every_cms("acts"),
            cookies=[(cookie, quote(value)) for cookie, value in signed_in.items()],
        )
    )
    door = engine.create(
        ContainerSpec(
            name=f"e5b-vue-{name}-entree",
            image=gateway,
            labels={**mine, "e5b.kind": "view-door", "e5b.door": near, "e5b.earlier": earlier},
            internet=True,
            ports={_PORT: ("127.0.0.1", port)},
            limits=Limits(128, 32),
            capabilities=("SETGID", "SETUID"),
            entrypoint=("setpriv", "--reuid=www-data", "--regid=www-data", "--clear-groups", "nginx"),
            command=("-c", "/etc/e5b/nginx.conf", "-g", "daemon off;"),
        )
    )
    engine.put(door, "/", {"etc/e5b/nginx.conf": configuration.encode()})
    engine.connect(network, door, str(subnet[2]))
    engine.start(door)
    _await(port, manifest.address)
    return View(name, manifest.address, near, earlier)


def image_of(centre: Centre, sealed: Archive, beside: Path, labels: Mapping[str, str], name: str) -> str:
    """The station of an archive as an image; its golden image is the engine's, or stands `beside` the archive.

    `name` is for the container in which it is made.
    """
    engine, manifest = centre.engine, sealed.manifest
    golden = _have_golden(centre, sealed, beside)
    centre.progress.step(f"{manifest.station} : l'archive est intacte, elle est posée sur son image")
    gone_paths = manifest.layer.gone if manifest.layer else ()
    with sleeping_container(engine, golden, labels, name) as workshop:
        gone = [unescaped(path).encode("utf-8", "surrogateescape") for path in gone_paths]
        with layer_of(sealed.path) as tar:
            unpack(engine, workshop, gone, tar)
        return engine.commit(workshop, None, labels, _STATION)


def _have_golden(centre: Centre, sealed: Archive, beside_it: Path) -> str:
    """The golden image that an archive stands on: the engine's, or the one beside the archive; by its name here."""
    golden, engine = sealed.manifest.golden, centre.engine
    if engine.image(golden):
        return golden
    spoilt: ArchiveSpoilt | None = None
    for folder in (beside_it, centre.state.archives):
        beside = golden_beside(folder, golden)
        if beside.exists():
            # Where images are kept in another way, as Docker has two, the same one has another name.
            try:
                known = names_of(beside, golden)
            except ArchiveSpoilt as error:
                spoilt = spoilt or error
                continue
            if not any(engine.image(one) for one in known):
                centre.progress.step("L'image de référence de l'archive est chargée")
                with beside.open("rb") as packed:
                    engine.load(zstandard.ZstdDecompressor().read_to_iter(packed))
            if here := next((one for one in known if engine.image(one)), None):
                return here
    if spoilt:
        raise spoilt
    raise Refusal(
        f"L'image de référence de {sealed.path.name} n'est pas sur cette machine. Posez à côté de l'archive le dossier "
        f"« images » de la machine d'origine, avec le fichier {golden_beside(Path(), golden).name}."
    )


def _patiently_signed_in(centre: Centre, station: str, address: str, stack: str) -> dict[str, str]:
    """The cookies of an examiner, as soon as the site works."""
    deadline = time.monotonic() + _PATIENCE
    inside = Inside(centre.engine, station)
    while centre.engine.run(station, ["/opt/e5b/healthy"]).status != 0:
        if time.monotonic() > deadline or centre.engine.container(station).state != "running":
            raise StationNotReady("Le site de l'archive ne démarre pas. L'archive est intacte : recommencez.")
        time.sleep(0.2)
    return dict(driver_of(stack).sign_in(inside, "administrator", address).cookies)


def _network(centre: Centre, labels: dict[str, str], name: str) -> tuple[str, IPv4Network]:
    """An internal network of eight addresses, the last free ones: rooms take the first."""
    used = [IPv4Network(subnet) for subnet in centre.engine.subnets() if ":" not in subnet]
    last = list(IPv4Network(centre.settings.subnet).subnets(new_prefix=22))[-1]
    for subnet in last.subnets(new_prefix=29):
        if not any(subnet.overlaps(other) for other in used):
            try:
                bridge = f"{alone(name).mark}-v"
                centre.engine.create_network(f"e5b-vue-{name}", str(subnet), labels, bridge=bridge)
            except AddressesTaken:
                continue
            return f"e5b-vue-{name}", subnet
    raise EngineError("Trop d'archives sont ouvertes : fermez-en avec « e5b archive close ».")


def _port_for(address: str) -> tuple[int, str]:
    """The port of an address where this machine can serve it, else a free one; and the place that it makes."""
    wanted = urlsplit(address)
    try:
        here = socket.gethostbyname(wanted.hostname or "").startswith("127.")
    except OSError:
        here = False
    port = wanted.port or 80
    if here and _free(port):
        return port, _place_of(address)
    with _bound(0) as probe:
        port = probe.getsockname()[1]
    return port, f"127.0.0.1:{port}"


@contextmanager
def _bound(port: int) -> Iterator[socket.socket]:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
        yield probe


def _free(port: int) -> bool:
    try:
        with _bound(port):
            return True
    except OSError:
        return False


def _await(port: int, address: str) -> None:
    deadline, seen = time.monotonic() + _PATIENCE, "aucune réponse"
    while time.monotonic() < deadline:
        door = HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            # Not its first page, which may be an error of the candidate's own making.
            door.request("GET", HEALTH, headers={"Host": _place_of(address)})
            status = door.getresponse().status
            if status == 200:
                return
            seen = f"erreur {status}"
        except (OSError, HTTPException) as error:
            seen = type(error).__name__
        finally:
            door.close()
        time.sleep(0.1)
    raise StationNotReady(f"Le site de l'archive ne répond pas. L'archive est intacte : recommencez (détail : {seen}).")


def _place_of(address: str) -> str:
    told = urlsplit(address)
    return f"{told.hostname}:{told.port}" if told.port else str(told.hostname)


def alone(name: str) -> Room:
    """An opened archive as a room of its own, whose machine is kept out of its reach by the same rules."""
    return Room(f"vue-{name}", "localhost", "127.0.0.1", _PORT, 1)


def _clear(centre: Centre, name: str) -> None:
    for one in centre.engine.containers(view=name):
        centre.engine.remove(one.id)
    if centre.engine.networks(view=name) or firewall_of(centre.engine, alone(name)):
        lift_firewall(centre.engine, alone(name))
    for image in centre.engine.images(view=name):
        centre.engine.remove_image(image.id)
    for network in centre.engine.networks(view=name):
        centre.engine.remove_network(network)
