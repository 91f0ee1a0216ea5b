"""The company's other site: one for the whole room, to look at and link to, the same for all candidates.

Candidates who work on the site see the shop, and those who work on the shop see the site. The gateway lets nobody write
to it. Where the golden image of a CMS isn't built, the room goes without that site and says so.
"""

import secrets
from collections.abc import Iterable
from http.client import HTTPConnection

from provisioner.build.stacks import golden_from_labels, golden_of
from provisioner.core.model import Golden
from provisioner.core.waiting import wait_until
from provisioner.engine.protocol import ContainerSpec, Limits
from provisioner.host.companies import HOME
from provisioner.host.editions import cms_name, editions_chosen, stack_named, with_company
from provisioner.network.gateway_files import partner_pages
from provisioner.network.room import shared_sites
from provisioner.station.answering import NO_ANSWER
from provisioner.station.centre import Centre, stations
from provisioner.station.creation import CAPABILITIES
from provisioner.station.identity import labels_of_image, payload_line
from provisioner.station.recovery import has_served

_PATIENCE = 60.0


def ensure_shared_sites(centre: Centre, editions: Iterable[str]) -> list[str]:
    """Have the sites of the other CMS than these editions' own run in the room; the CMS whose site answers.

    They are of the editions' company, or of the home one where the room has several.
    """
    stacks = [stack_named(edition) for edition in editions]
    own, companies = {stack.cms for stack in stacks}, {stack.company for stack in stacks}
    company = companies.pop() if len(companies) == 1 else HOME
    needed = {cms for cms in shared_sites() if own - {cms}}
    answering = []
    for cms in sorted(needed):
        containers = centre.engine.containers(kind="site", room=centre.room.name, cms=cms)
        for container in [
            container for container in containers if not has_served(centre, container)
        ]:  # a killed command's
            centre.engine.remove(container.id)
            containers.remove(container)
        if not containers and not _start_site(centre, cms, company):
            continue
        for container in containers:
            if container.state != "running":
                centre.engine.start(container.id)
        centre.gateway.attach_site(cms)
        if _answers(centre, cms):
            answering.append(cms)
        else:
            centre.progress.step(f"Le site partagé {centre.room.site_host(cms)} ne répond pas encore")
    if gateway := centre.gateway.find():
        centre.engine.put(gateway.id, "/", partner_pages(centre.room, centre.settings, answering))
    said_of_stations = {station.conformity.differs for station in stations(centre)}
    for address, golden in sites(centre):
        if golden.conformity.differs not in said_of_stations:
            _report_differences(centre, address, golden)
        _report_newer_image(centre, address, golden)
        _report_other_company(centre, address, golden, company)
    return answering


def sites(centre: Centre) -> list[tuple[str, Golden]]:
    """The address and golden image of each shared site of the room, except of those whose labels name no image."""
    containers = sorted(
        centre.engine.containers(kind="site", room=centre.room.name), key=lambda container: container.labels["e5b.cms"]
    )
    return [
        (
            f"http://{centre.room.site_host(container.labels['e5b.cms'])}",
            golden_from_labels(container.labels["e5b.golden"], container.labels),
        )
        for container in containers
        if "e5b.golden" in container.labels
    ]


def _report_differences(centre: Centre, address: str, golden: Golden) -> None:
    """Say how a shared site differs from what the exam asks for, since every candidate may look at it."""
    if not golden.conformity.conforming:
        centre.progress.step(
            f"Site partagé {address}, versions NON conformes : {' ; '.join(golden.conformity.differs)}"
        )


def _report_newer_image(centre: Centre, address: str, golden: Golden) -> None:
    """Say that a shared site is older than the newest golden image of its stack."""
    newest = golden_of(centre.engine, stack_named(golden.stack))
    if newest and newest.image != golden.image:  # it isn't made anew: candidates may be looking at it
        centre.progress.step(
            f"Site partagé {address} : il reste celui d'avant la dernière construction de {golden.stack}, tant que la salle est "
            "ouverte"
        )


def _report_other_company(centre: Centre, address: str, golden: Golden, company: str) -> None:
    """Say that a shared site is of another company than it would be now: it isn't made anew, candidates may be looking at it."""
    shown = stack_named(golden.stack).company
    if shown != company:
        centre.progress.step(
            f"Site partagé {address} : il reste celui de « {shown} », non de « {company} », tant que la salle est ouverte"
        )


def _start_site(centre: Centre, cms: str, company: str) -> bool:
    edition = next((one for one in editions_chosen(centre.settings) if one.cms == cms), None)
    if edition is None:
        centre.progress.step(
            f"La session {centre.settings.session} n'a pas de {cms_name(cms)} : la salle n'a pas ce site à montrer"
        )
        return False
    edition = with_company(edition, company)
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
    payload = {
        "address": address,
        "secret": secrets.token_hex(32),
        "cron": False,
        "time_zone": centre.settings.time_zone,
    }
    try:
        centre.engine.start(container, stdin=payload_line(payload))
    except BaseException:
        centre.engine.remove(container)
        raise
    return True


def _answers(centre: Centre, cms: str) -> bool:
    host = centre.room.site_host(cms)

    def missing() -> str:
        connection = HTTPConnection(centre.room.local_address, int(host.partition(":")[2] or 80), timeout=10)
        try:
            connection.request("GET", "/", headers={"Host": host})
            status = connection.getresponse().status
        except NO_ANSWER as error:
            return type(error).__name__
        finally:
            connection.close()
        return "" if status == 200 else f"erreur {status}"

    return not wait_until(missing, _PATIENCE)
