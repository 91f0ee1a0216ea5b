"""Opens an archive for examiners: the site as the candidate left it, at the candidate's own address.

A copy runs on the golden image that the archive names, with cron off, on an internal network behind a gateway of its own
that serves pages and accepts no changes; the archive isn't touched. Where this machine already serves that address, as
while the room is open, the gateway takes another port, and one option tells a browser so.
"""

import re
import shutil
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import IPv4Network
from pathlib import Path
from urllib.parse import urlsplit

import zstandard

from provisioner.archive.archives import Archive, layer_of, unescaped
from provisioner.archive.golden_images import golden_beside, names_of
from provisioner.archive.verifying import read_archive_to_run, trust_of
from provisioner.build.driver import Inside, driver_of
from provisioner.build.stacks import gateway_image
from provisioner.core.errors import AddressesTaken, ArchiveSpoilt, EngineError, Refusal, StationNotReady
from provisioner.core.waiting import wait_until
from provisioner.engine.layers import sleeping_container, unpack
from provisioner.engine.protocol import ContainerSpec, ContainerState, Join
from provisioner.host.disk import disk_in_french, printable
from provisioner.host.encryption import readable
from provisioner.network.certificates import self_signed
from provisioner.network.containment import ensure_firewall, firewall_of, lift_firewall
from provisioner.network.room import Room
from provisioner.network.view_gateway import view_gateway, view_gateway_files
from provisioner.station.answering import HEALTH, local_tls
from provisioner.station.centre import Centre
from provisioner.station.creation import CAPABILITIES, limits_of

#: The path at which the gateway signs an examiner in.
ENTRANCE = "/.e5b-examinateur"
_PORT = 8080
#: Browsers that take --host-resolver-rules; Firefox doesn't.
_BROWSERS = ("chromium", "google-chrome", "microsoft-edge", "chromium-browser")
_PATIENCE = 90
#: A station's address. It stands in a command that a person is shown to copy.
_ADDRESS = re.compile(r"https?://[A-Za-z0-9][A-Za-z0-9._-]{0,252}(?::[0-9]{1,5})?")
_STATION = ('ENTRYPOINT ["/opt/e5b/station-init"]',)


@dataclass(frozen=True)
class View:
    """An opened archive: its name, the candidate's address, and the host and port where its gateway listens.

    `earlier` says in French why it hasn't the candidate's last state; empty where it has.
    """

    name: str
    address: str
    gateway_address: str
    earlier: str = ""
    #: Where the address is https: the hash of the gateway's key, by which a browser accepts its certificate.
    key_hash: str = ""
    #: Who signed it, a value of `verifying.Trust`; empty where an earlier version opened it.
    signature: str = ""
    #: When the console closes it; None for one that stays open until somebody closes it.
    until: datetime | None = None

    @property
    def direct(self) -> bool:
        """Whether every browser of this machine finds it at the candidate's own address."""
        return self.gateway_address == _host_and_port(self.address) and not self.key_hash

    @property
    def browser(self) -> str:
        """The command that opens it at the candidate's address all the same, with a browser of this machine."""
        browser = next(filter(shutil.which, _BROWSERS), _BROWSERS[0])
        accepted = f"--ignore-certificate-errors-spki-list={self.key_hash} " if self.key_hash else ""
        return (
            f'{browser} --user-data-dir=/tmp/e5b-{self.name} {accepted}--host-resolver-rules="MAP {_host_and_port(self.address)} '
            f'{self.gateway_address}" {self.address}{ENTRANCE}'
        )


def open_archive(centre: Centre, path: Path, identity: Path | None = None, until: datetime | None = None) -> View:
    """Verify an archive and run it; where it is open already, return that view.

    `until`: when `overdue` names it, for who closes what was forgotten.
    """
    with readable(path, identity, centre.state.folder) as plain:
        with disk_in_french(path, Refusal):
            archive = read_archive_to_run(centre.state, plain, path)
        if not _ADDRESS.fullmatch(archive.manifest.address):
            raise ArchiveSpoilt(
                f"L'archive {printable(path.name)} ne peut pas servir : l'adresse qu'elle donne n'est pas celle d'un poste. "
                "Reprenez-la d'une autre copie."
            )
        return _view_of(centre, archive, path.resolve().parent, until)


def _view_of(centre: Centre, archive: Archive, folder: Path, until: datetime | None) -> View:
    name = archive.sha256[:10]
    with centre.state.holding("archives", name, "archive open"):
        for view in opened(centre):
            if view.name == name:
                return view
        if name in others(centre):
            raise Refusal(
                "Un autre utilisateur de cette machine, ou un autre E5B_STATE, ouvre cette archive en ce moment, ou l'a laissée à "
                f"moitié ouverte : attendez, ou refermez-la (« e5b archive close {name} »), puis recommencez."
            )
        _remove_view(centre, name)
        try:
            return _run_view(centre, archive, name, folder, until)
        except BaseException:
            _remove_view(centre, name)
            raise


def opened(centre: Centre) -> list[View]:
    """Every archive that is open."""
    return _views(centre.engine.containers(kind="view-door"))


def overdue(centre: Centre) -> list[View]:
    """The archives that this state folder opened for a time that is over."""
    present = centre.state.present()
    own = _views(centre.engine.containers(kind="view-door", owner=centre.state.id))
    return [view for view in own if view.until and view.until <= present]


def _views(gateways: Sequence[ContainerState]) -> list[View]:
    return [
        View(
            labels["e5b.view"],
            labels["e5b.address"],
            labels["e5b.door"],
            labels.get("e5b.earlier", ""),
            labels.get("e5b.key_hash", ""),
            labels.get("e5b.signature", ""),
            datetime.fromisoformat(labels["e5b.until"]) if "e5b.until" in labels else None,
        )
        for labels in (gateway.labels for gateway in gateways if gateway.state == "running")
    ]


def close(centre: Centre, names: Sequence[str]) -> list[str]:
    """Close these opened archives, or all that this state folder opened where none is named; the archives themselves stay.

    One that an earlier version opened doesn't say from which state folder: it is closed by its name.
    """
    everything = _views_in_use(centre)
    if unknown := [name for name in names if name not in everything]:
        raise Refusal(f"Aucune archive n'est ouverte sous le nom {', '.join(unknown)}. Voyez « e5b archive open ».")
    closing = sorted(set(names) or _views_in_use(centre, owner=centre.state.id))
    for name in closing:
        _remove_view(centre, name)
    return closing


def others(centre: Centre) -> list[str]:
    """The names of the opened archives that `close` leaves where none is named, since another state folder opened them."""
    return sorted(_views_in_use(centre) - _views_in_use(centre, owner=centre.state.id))


def _views_in_use(centre: Centre, owner: str = "") -> set[str]:
    """The names of the opened archives, or of this state folder's, of which any part is there: a kill may have left one."""
    engine = centre.engine
    if owner:
        containers, images = engine.containers(view="*", owner=owner), engine.images(view="*", owner=owner)
        networks, firewalls = engine.networks(view="*", owner=owner), engine.containers(kind="guard", owner=owner)
    else:
        containers, images = engine.containers(view="*"), engine.images(view="*")
        networks, firewalls = engine.networks(view="*"), engine.containers(kind="guard")
    rooms = [firewall.labels["e5b.room"] for firewall in firewalls]
    return {
        *(container.labels["e5b.view"] for container in containers),
        *(image.labels["e5b.view"] for image in images),
        *(name.removeprefix("e5b-vue-") for name in networks),
        *(room.removeprefix("vue-") for room in rooms if room.startswith("vue-")),
    }


def _run_view(centre: Centre, archive: Archive, name: str, folder: Path, until: datetime | None) -> View:
    engine, manifest, earlier = centre.engine, archive.manifest, archive.manifest.why_not_last
    labels = {"e5b.view": name, "e5b.address": manifest.address, "e5b.owner": centre.state.id}
    certificate_files, key_hash = _certificate(manifest.address)
    signature = trust_of(centre.state, archive).value
    gateway_image_id = gateway_image(engine, centre.settings, centre.progress)
    image = image_of(centre, archive, folder, {**labels, "e5b.kind": "view"}, f"e5b-vue-{name}-pose")
    network, subnet = _network(centre, {**labels, "e5b.kind": "view-network"}, name)
    ensure_firewall(engine, room_of_view(name, centre.state.id), gateway_image_id, subnet)
    station = engine.create(
        ContainerSpec(
            name=f"e5b-vue-{name}-poste",
            image=image,
            labels={**labels, "e5b.kind": "view"},
            environment={"TZ": centre.settings.time_zone, "E5B_COPY": "1"},
            join=Join(network, str(subnet[3])),
            limits=limits_of(centre.settings),
            capabilities=CAPABILITIES,
        )
    )
    engine.start(station)
    driver = driver_of(manifest.stack)
    examiner_cookies = _patiently_signed_in(centre, station, manifest.address, manifest.stack)
    port, gateway_address = _port_for(manifest.address)
    view = View(name, manifest.address, gateway_address, earlier, key_hash, signature, until)
    gateway = engine.create(
        view_gateway(
            f"e5b-vue-{name}-entree",
            gateway_image_id,
            _door_labels(labels, view),
            port,
        )
    )
    files = view_gateway_files(
        subnet, str(subnet[3]), driver.office, ENTRANCE, examiner_cookies, tls=bool(certificate_files)
    )
    engine.put(gateway, "/", {**files, **certificate_files})
    engine.connect(network, gateway, str(subnet[2]))
    engine.start(gateway)
    _await(port, manifest.address)
    return view


def _door_labels(labels: Mapping[str, str], view: View) -> dict[str, str]:
    """The labels of an opened archive's gateway, from which `opened` reads what it is."""
    of_door = {"e5b.kind": "view-door", "e5b.door": view.gateway_address, "e5b.earlier": view.earlier}
    of_key = {"e5b.key_hash": view.key_hash} if view.key_hash else {}
    of_time = {"e5b.until": view.until.isoformat()} if view.until else {}
    return {**labels, **of_door, "e5b.signature": view.signature, **of_key, **of_time}


def _certificate(address: str) -> tuple[dict[str, bytes], str]:
    """The gateway's certificate for an address in https, as files, and the hash of its key; nothing for any other."""
    if not address.startswith("https://"):
        return {}, ""
    host = urlsplit(address).hostname or ""
    # A browser knows it by its key; an archive may name a host for which there can be no certificate.
    certificate, key_hash = self_signed(host if re.fullmatch(r"[a-z0-9.-]{1,253}", host) else "archive.invalid")
    return certificate.files(), key_hash


def image_of(centre: Centre, archive: Archive, folder: Path, labels: Mapping[str, str], name: str) -> str:
    """Make an image of an archive's station; its golden image is the engine's, or stands in `folder`, the archive's.

    `name` is for the container in which it is made.
    """
    engine, manifest = centre.engine, archive.manifest
    golden = _have_golden(centre, archive, folder)
    centre.progress.step(f"{manifest.station} : l'archive est intacte, elle est posée sur son image")
    escaped_paths = manifest.layer.gone if manifest.layer else ()
    with sleeping_container(engine, golden, labels, name) as workshop:
        removed = [unescaped(path).encode("utf-8", "surrogateescape") for path in escaped_paths]
        with layer_of(archive.path) as tar:
            unpack(engine, workshop, removed, tar)
        return engine.commit(workshop, None, labels, _STATION)


def _have_golden(centre: Centre, archive: Archive, archive_folder: Path) -> str:
    """The engine's id of the golden image that an archive needs; loads it from beside the archive where it is missing."""
    golden, engine = archive.manifest.golden, centre.engine
    if engine.image(golden):
        return golden
    spoilt: ArchiveSpoilt | None = None
    for folder in (archive_folder, centre.state.archives):
        packed_golden = golden_beside(folder, golden)
        if packed_golden.exists():
            # The same image may have another id here: see names_of.
            try:
                names = names_of(packed_golden, golden)
            except ArchiveSpoilt as error:
                spoilt = spoilt or error
                continue
            if not any(engine.image(name) for name in names):
                centre.progress.step("L'image de référence de l'archive est chargée")
                with packed_golden.open("rb") as packed:
                    engine.load(zstandard.ZstdDecompressor().read_to_iter(packed))
            if loaded := next((name for name in names if engine.image(name)), None):
                return loaded
    if spoilt:
        raise spoilt
    raise Refusal(
        f"L'image de référence de {archive.path.name} n'est pas sur cette machine. Posez à côté de l'archive le dossier "
        f"« images » de la machine d'origine, avec le fichier {golden_beside(Path(), golden).name}."
    )


def _patiently_signed_in(centre: Centre, station: str, address: str, stack: str) -> Mapping[str, str]:
    """The cookies of an examiner, signed in as soon as the site works."""
    failed = StationNotReady("Le site de l'archive ne démarre pas. L'archive est intacte : recommencez.")

    def missing() -> str:
        if centre.engine.run(station, ["/opt/e5b/healthy"], seconds=_PATIENCE).status == 0:
            return ""
        if centre.engine.container(station).state != "running":
            raise failed
        return "la santé du site"

    if wait_until(missing, _PATIENCE, pause=0.2):
        raise failed
    return driver_of(stack).sign_in(Inside(centre.engine, station), "administrator", address).cookies


def _network(centre: Centre, labels: dict[str, str], name: str) -> tuple[str, IPv4Network]:
    """Create an internal network of eight addresses, the last free ones, since rooms take the first; name and subnet."""
    used = [IPv4Network(subnet) for subnet in centre.engine.subnets() if ":" not in subnet]
    last = list(IPv4Network(centre.settings.subnet).subnets(new_prefix=22))[-1]
    for subnet in last.subnets(new_prefix=29):
        if not any(subnet.overlaps(taken) for taken in used):
            try:
                bridge = f"{room_of_view(name).mark}-v"
                centre.engine.create_network(f"e5b-vue-{name}", str(subnet), labels, bridge=bridge)
            except AddressesTaken:
                continue
            return f"e5b-vue-{name}", subnet
    raise EngineError("Trop d'archives sont ouvertes : fermez-en avec « e5b archive close ».")


def _port_for(address: str) -> tuple[int, str]:
    """The port of an address where this machine can serve it, else a free one; and the host and port to reach it."""
    parts = urlsplit(address)
    try:
        is_local = socket.gethostbyname(parts.hostname or "").startswith("127.")
    except OSError:
        is_local = False
    port = parts.port or (443 if parts.scheme == "https" else 80)
    if is_local and _free(port):
        return port, _host_and_port(address)
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
    def missing() -> str:
        if address.startswith("https://"):
            connection: HTTPConnection = HTTPSConnection("127.0.0.1", port, timeout=10, context=local_tls())
        else:
            connection = HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            # Not its first page, which may be an error that the candidate made.
            connection.request("GET", HEALTH, headers={"Host": _host_and_port(address)})
            status = connection.getresponse().status
        except (OSError, HTTPException) as error:
            return type(error).__name__
        finally:
            connection.close()
        return "" if status == 200 else f"erreur {status}"

    if observed := wait_until(missing, _PATIENCE):
        raise StationNotReady(
            f"Le site de l'archive ne répond pas. L'archive est intacte : recommencez (détail : {observed})."
        )


def _host_and_port(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)


def room_of_view(name: str, owner: str = "") -> Room:
    """The room that stands for an opened archive, so that the firewall's rules apply to it too."""
    return Room(f"vue-{name}", "localhost", "127.0.0.1", _PORT, 1, owner=owner)


def _remove_view(centre: Centre, name: str) -> None:
    for container in centre.engine.containers(view=name):
        centre.engine.remove(container.id)
    if centre.engine.networks(view=name) or firewall_of(centre.engine, room_of_view(name)):
        lift_firewall(centre.engine, room_of_view(name))
    for image in centre.engine.images(view=name):
        centre.engine.remove_image(image.id)
    for network in centre.engine.networks(view=name):
        centre.engine.remove_network(network)
