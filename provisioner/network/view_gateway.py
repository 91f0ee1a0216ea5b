"""The gateway of an opened archive: a container that gives the pages of one station, and reaches nothing else.

Its port is published on this machine, which the engine does for no container of an internal network. So it also stands
in a network that leads out, and rules of its own, laid before it serves, close that way: see view.nft.j2. The room proof
tries to get out of it, with these rules and without.
"""

from collections.abc import Mapping
from ipaddress import IPv4Network

from provisioner.engine.protocol import ContainerSpec, Limits
from provisioner.host.templates import environment
from provisioner.network.gateway_files import FOLDER, of_every_cms

#: The port inside at which it serves.
_PORT = 8080
#: The rules first: without them it doesn't serve. Then the web server, as a user without rights.
_PROGRAM = (
    "nft -f /etc/e5b/rules.nft || { echo 'e5b: the rules were refused' >&2; exit 1; }\n"
    "exec setpriv --reuid=www-data --regid=www-data --clear-groups --inh-caps=-all "
    "nginx -c /etc/e5b/nginx.conf -g 'daemon off;'"
)


def view_gateway(name: str, image: str, labels: Mapping[str, str], port: int) -> ContainerSpec:
    """The container, which answers at that port of this machine; see `view_gateway_files` for what it needs inside."""
    return ContainerSpec(
        name=name,
        image=image,
        labels=labels,
        internet=True,
        ports={_PORT: ("127.0.0.1", port)},
        limits=Limits(128, 32),
        capabilities=("NET_ADMIN", "SETGID", "SETUID"),
        entrypoint=("bash", "-c"),
        command=(_PROGRAM,),
    )


def view_gateway_files(
    network: IPv4Network, station: str, office: str, entrance: str, cookies: Mapping[str, str], *, tls: bool = False
) -> dict[str, bytes]:
    """Its configuration and its rules, by their place under /.

    `network` is the internal one, in which the station has the address `station`. Whoever opens the path `entrance` is
    given these cookies (see `SignedIn`) and sent to the path `office`. With `tls` it answers in https; its certificate is
    put beside them: see certificates.py.
    """
    values = {
        "port": _PORT,
        "tls": tls,
        "network": str(network),
        "station": station,
        "office": office,
        "entrance": entrance,
        "cookies": sorted(cookies.items()),
        "acts": of_every_cms("acts"),
    }
    templates = environment(FOLDER, html=False)
    return {
        f"etc/e5b/{name}": templates.get_template(template).render(values).encode()
        for name, template in (("nginx.conf", "view.conf.j2"), ("rules.nft", "view.nft.j2"))
    }
