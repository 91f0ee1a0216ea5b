"""The company's other site: one for the whole room, to look at and link to, the same for all candidates.

It stands for the shop where candidates work on the site, and for the site where they work on the shop. The
gateway lets nobody write to it. A CMS whose golden image isn't there has none, and that is said.
"""

import secrets
import time
from collections.abc import Iterable
from http.client import HTTPConnection

from provisioner.build.stacks import golden_from_labels, golden_of
from provisioner.core.model import Golden
from provisioner.engine.protocol import ContainerSpec, Limits
from provisioner.host.editions import edition_for, load_stacks
from provisioner.network.gateway_files import partner_pages
from provisioner.network.room import shared_sites
from provisioner.station.answering import NO_ANSWER
from provisioner.station.centre import Centre
from provisioner.station.creation import CAPABILITIES
from provisioner.station.identity import labels_of_image, payload_line
from provisioner.station.recovery import has_served

_PATIENCE = 60.0


def ensure_shared_sites(centre: Centre, editions: Iterable[str]) -> list[str]:
    """Have the other sites than these editions' own stand in the room; the CMS that do."""
    own = {load_stacks()[edition].cms for edition in editions}
    wanted = {cms for cms in shared_sites() if own - {cms}}
    shown = []
    for cms in sorted(wanted):
        held = centre.engine.containers(kind="site", room=centre.room.name, cms=cms)
        for one in [one for one in held if not has_served(centre, one)]:  # by a command that was killed
            centre.engine.remove(one.id)
            held.remove(one)
        if not held and not _began(centre, cms):
            continue
        for one in held:
            if one.state != "running":
                centre.engine.start(one.id)
        centre.gateway.attach_site(cms)
        if _answers(centre, cms):
            shown.append(cms)
        else:
            centre.progress.step(f"Le site partagé {centre.room.site_host(cms)} ne répond pas encore")
    if gateway := centre.gateway.find():
        centre.engine.put(gateway.id, "/", partner_pages(centre.room, centre.settings, shown))
    for address, golden in sites(centre):
        _tell(centre, address, golden)
    return shown


def sites(centre: Centre) -> list[tuple[str, Golden]]:
    """The address of each shared site of the room, and the golden image it was made from; not of one that says none."""
    held = sorted(centre.engine.containers(kind="site", room=centre.room.name), key=lambda one: one.labels["e5b.cms"])
    return [
        (
            f"http://{centre.room.site_host(one.labels['e5b.cms'])}",
            golden_from_labels(one.labels["e5b.golden"], one.labels),
        )
        for one in held
        if "e5b.golden" in one.labels
    ]


def _tell(centre: Centre, address: str, golden: Golden) -> None:
    """What every candidate who looks there may see otherwise than the exam wants it."""
    if not golden.conformity.conforming:
        centre.progress.step(
            f"Site partagé {address}, versions NON conformes : {' ; '.join(golden.conformity.differs)}"
        )
    newest = golden_of(centre.engine, load_stacks()[golden.stack])
    if newest and newest.image != golden.image:  # to make it anew would take it from who looks at it
        centre.progress.step(
            f"Site partagé {address} : il reste celui d'avant la dernière construction de {golden.stack}, tant que la salle est "
            "ouverte"
        )


def _began(centre: Centre, cms: str) -> bool:
    edition = edition_for(cms, centre.settings)
    golden = golden_of(centre.engine, edition)
    if golden is None:
        centre.progress.step(f"{edition.id} n'est pas construite : la salle n'a pas ce site à montrer")
        return False
    address = f"http://{centre.room.site_host(cms)}"
    centre.progress.step(f"Site partagé à {address}")
    container = centre.engine.create(
        ContainerSpec(
            name=f"e5b-{centre.room.name}-site-{cms}",
            image=golden.image,
            labels={**labels_of_image(centre.room, golden), "e5b.kind": "site", "e5b.cms": cms},
            environment={"TZ": centre.settings.time_zone, "E5B_COPY": "1"},
            join=centre.gateway.site_network(cms),
            limits=Limits(centre.settings.memory_mib, centre.settings.processes),
            capabilities=CAPABILITIES,
            stdin=True,
            restart=True,
        )
    )
    told = {"address": address, "secret": secrets.token_hex(32), "cron": False, "time_zone": centre.settings.time_zone}
    try:
        centre.engine.start(container, stdin=payload_line(told))
    except BaseException:
        centre.engine.remove(container)
        raise
    return True


def _answers(centre: Centre, cms: str) -> bool:
    host = centre.room.site_host(cms)
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        asked = HTTPConnection(centre.room.local_address, int(host.partition(":")[2] or 80), timeout=10)
        try:
            asked.request("GET", "/", headers={"Host": host})
            if asked.getresponse().status == 200:
                return True
        except NO_ANSWER:
            pass
        finally:
            asked.close()
        time.sleep(0.1)
    return False
