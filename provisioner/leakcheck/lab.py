"""The lab: an Internet of the proof's own, and machines without rules, where a way out can be seen to work.

All are containers of the engine, with addresses reserved for documentation, so that a proof needs no right of its own
on the machine. One link is added to the machine, with routes to those addresses only, by which a station that leaks
reaches the proof's Internet. All is removed when the proof ends, and what a killed proof left is removed first.

Its addresses and that link exist once on a machine, so there is one lab at a time, whatever user or state folder the proof is of.
"""

import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Network

from provisioner.core.declaration import Console
from provisioner.core.errors import EngineError
from provisioner.core.waiting import wait_until
from provisioner.engine.protocol import ContainerSpec, Engine, Join, Limits
from provisioner.host.machine_lock import alone_on_the_machine
from provisioner.host.paths import ROOT
from provisioner.leakcheck.console_ways import addresses_to_have
from provisioner.leakcheck.ways_out import DATAGRAMS, STREAMS, WORLD, WORLD6
from provisioner.network.view_gateway import view_gateway, view_gateway_files
from provisioner.station.creation import CAPABILITIES
from provisioner.station.identity import payload_line

_OUTSIDE, _INSIDE = "e5b-preuve-dehors", "e5b-preuve-dedans"
_LABELS = {"e5b.kind": "lab", "e5b.lab": "network"}
#: How long to wait for another's proof, in seconds: several times what a slow one takes.
_WAIT_FOR_ANOTHER = 300.0
_PROBES = ROOT / "provisioner/leakcheck/probes"
#: The candidate's machine, the router, the gateway without rules; and the same over IPv6.
CANDIDATE, ROUTER, OPEN_GATEWAY = "198.51.100.10", "198.51.100.2", "198.51.100.3"
OPEN_PROXY = 8099

_SQUID = f"""
http_port 0.0.0.0:{OPEN_PROXY}
visible_hostname ouvert
pid_filename none
cache_log /dev/null
access_log none
cache deny all
pinger_enable off
netdb_filename none
http_access allow all
"""


@dataclass
class Lab:
    """The lab's containers, by their ids. `machine` listens on the engine's machine itself.

    `view` is like the gateway of an opened archive, with its rules, `open_view` without them. `console`: at whose port
    `machine`, and what stands for it, listen too.
    """

    engine: Engine
    image: str
    world: str = ""
    candidate: str = ""
    router: str = ""
    gateway: str = ""
    machine: str = ""
    view: str = ""
    open_view: str = ""
    console: Console = field(default_factory=Console)
    stations: dict[str, str] = field(default_factory=dict)

    def shell(self, container: str, script: str, stdin: bytes = b"") -> str:
        """Run a script with every right in a container of the lab; its standard output. Raises EngineError."""
        result = self.engine.run(container, ["bash", "-euc", script], stdin=stdin, privileged=True, seconds=30)
        if result.status:
            raise EngineError(
                "Le banc d'essai du réseau ne se met pas en place. Recommencez "
                f"(détail : {result.stderr.decode(errors='replace').strip()[-200:]})."
            )
        return result.stdout.decode()

    def link_local(self, container: str) -> str:
        """The IPv6 link-local address of a container's first interface."""
        output = self.shell(container, "ip -o -6 addr show dev eth0 scope link")
        return output.split("inet6 ")[1].split("/")[0] if "inet6 " in output else ""

    def machine_from(self, container: str) -> str:
        """The address by which a container of the engine's first network finds the machine; empty where none leads there."""
        words = self.shell(container, "ip -4 route show default").split()
        return words[2] if words[:2] == ["default", "via"] else ""


def alone_in_the_lab(tell: Callable[[str], None]) -> AbstractContextManager[None]:
    """Hold the machine's one lab, for `lab` and `clear`; Busy where another proof goes on for long, of whatever user."""
    return alone_on_the_machine("banc-d-essai", "l'essai du réseau", _WAIT_FOR_ANOTHER, tell)


@contextmanager
def lab(engine: Engine, image: str, goldens: dict[str, str], declared: Console | None = None) -> Iterator[Lab]:
    """The lab, with a station without rules of each stack (`goldens`: image by stack); all is removed afterwards.

    `declared`: where the console is, or would be; as by default where it is left out.

    The caller is `alone_in_the_lab`: an earlier lab that is still there is a killed proof's, and is removed.
    """
    clear(engine)
    bench = Lab(engine, image, console=declared or Console())
    try:
        # Not internal: where the machine filters its bridges too, the engine's rules would close the ways out.
        for name, subnet, subnet6 in (
            (_OUTSIDE, "203.0.113.0/24", "2001:db8:5::/64"),
            (_INSIDE, "198.51.100.0/24", "2001:db8:6::/64"),
        ):
            engine.create_network(name, subnet, _LABELS, internal=False, subnet6=subnet6, masquerade=False)
        with ThreadPoolExecutor(6) as pool:
            machine = pool.submit(_machine, bench)
            candidate_side = pool.submit(_candidate_side, bench)
            views = [pool.submit(_view, bench, laid) for laid in (True, False)]
            stations = {stack: pool.submit(_station, bench, golden) for stack, golden in goldens.items()}
            bench.world = _world(bench)
            candidate_side.result()
            bench.machine = machine.result()
            bench.view, bench.open_view = (view.result() for view in views)
            bench.stations = {stack: future.result() for stack, future in stations.items()}
        _connect(bench)
        yield bench
    finally:
        clear(engine)


def clear(engine: Engine) -> None:
    """Remove every lab of the engine, also one that a killed proof left; the caller is `alone_in_the_lab`."""
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda container: engine.remove(container.id), engine.containers(kind="lab", lab="network")))
    for name in engine.networks(kind="lab", lab="network"):
        engine.remove_network(name)


#: Answers go back by another interface than questions came by.
_LOOSE = {"net.ipv4.conf.all.rp_filter": "0", "net.ipv4.conf.default.rp_filter": "0"}


def _container(bench: Lab, name: str, join: Join | None, command: str, *, sysctls: dict[str, str] | None = None) -> str:
    container = bench.engine.create(
        ContainerSpec(
            name=f"e5b-preuve-{name}",
            image=bench.image,
            labels=_LABELS,
            entrypoint=("bash", "-c"),
            command=(command,),
            join=join,
            limits=Limits(256, 128),
            capabilities=("NET_ADMIN", "NET_RAW", "KILL", "SETGID", "SETUID"),
            host_network=join is None,
            host_processes=join is None,
            sysctls=sysctls or {},
        )
    )
    files = {f"opt/e5b/{name}.pl": _PROBES / f"{name}.pl" for name in ("world", "probe")}
    bench.engine.put(container, "/", files)
    bench.engine.start(container)
    return container


def _answering(bench: Lab, streams: tuple[int, ...], datagrams: tuple[int, ...]) -> str:
    ports = dict.fromkeys((*streams, bench.console.port))
    return f"exec perl /opt/e5b/world.pl {','.join(map(str, ports))} {','.join(map(str, datagrams))}"


def _world(bench: Lab) -> str:
    # The programs that answer wait for these addresses.
    container = _container(bench, "monde", Join(_OUTSIDE, WORLD), _answering(bench, STREAMS, DATAGRAMS), sysctls=_LOOSE)
    bench.shell(
        container,
        f"ip -6 addr replace {WORLD6}/64 dev eth0 nodad; ip addr add 203.0.113.20/24 dev eth0\n"
        "ip addr add 169.254.169.254/32 dev lo\n"
        "ip route add 198.51.100.0/24 via 203.0.113.2; ip -6 route add 2001:db8:6::/64 via 2001:db8:5::f2",
    )
    return container


def _machine(bench: Lab) -> str:
    return _container(bench, "machine", None, _answering(bench, (2375, 2376, 47999), (47999,)))


def _candidate_side(bench: Lab) -> None:
    forwarding = {"net.ipv4.ip_forward": "1", "net.ipv6.conf.all.forwarding": "1"}
    machine = _answering(bench, (22, 2375, 2376, 47999), (5353, 47999))
    bench.router = _container(bench, "routeur", Join(_INSIDE, ROUTER), machine, sysctls=forwarding)
    bench.engine.connect(_OUTSIDE, bench.router, "203.0.113.2")
    gateway = (
        f"printf '%s' '{_SQUID}' >/tmp/squid.conf\n"
        "chmod 644 /tmp/squid.conf\n"
        "squid --foreground -f /tmp/squid.conf &\n"
        f"exec dnsmasq --keep-in-foreground --user=root --no-resolv --no-hosts --server={WORLD}\n"
    )
    bench.gateway = _container(bench, "entree", Join(_INSIDE, OPEN_GATEWAY), gateway)
    bench.engine.connect(_OUTSIDE, bench.gateway, "203.0.113.3")
    bench.candidate = _container(bench, "candidat", Join(_INSIDE, CANDIDATE), "exec sleep infinity")


def _view(bench: Lab, laid: bool) -> str:
    """A container as the gateway of an opened archive is; with its rules where they are `laid`, else without any."""
    name = f"e5b-preuve-archive-{'avec' if laid else 'sans'}"
    spec = view_gateway(name, bench.image, _LABELS, 0)
    container = bench.engine.create(spec if laid else replace(spec, command=("exec sleep infinity",)))
    files = view_gateway_files(IPv4Network("198.51.100.0/24"), CANDIDATE, "/", "/examinateur", {})
    bench.engine.put(container, "/", files)
    bench.engine.start(container)
    return container


def _station(bench: Lab, golden: str) -> str:
    container = bench.engine.create(
        ContainerSpec(
            name=f"e5b-preuve-poste-{secrets.token_hex(3)}",
            image=golden,
            labels=_LABELS,
            environment={"E5B_COPY": "1"},
            join=Join(_OUTSIDE, f"203.0.113.{100 + secrets.randbelow(100)}"),
            limits=Limits(768, 256),
            capabilities=CAPABILITIES,
            stdin=True,
            dns=(WORLD,),
        )
    )
    station = {"address": "http://preuve.invalid", "secret": secrets.token_hex(32), "cron": False}
    bench.engine.start(container, stdin=payload_line(station))
    return container


def _connect(bench: Lab) -> None:
    """Lay routes to the proof's Internet, and put a socket like the engine's into the stations without rules."""
    bench.shell(
        bench.router,
        "ip -6 addr replace 2001:db8:6::f2/64 dev eth0 nodad; ip -6 addr replace 2001:db8:5::f2/64 dev eth1 nodad\n"
        f"ip route replace 169.254.169.254 via {WORLD}\n"
        + "".join(f"ip addr replace {address}/32 dev lo\n" for address in addresses_to_have(bench.console)),
    )
    _uplink(bench)
    to_candidate(bench)
    bench.shell(bench.gateway, f"ip route replace default via {WORLD}")
    listen = (
        'use IO::Socket::UNIX; my $s = IO::Socket::UNIX->new(Local => "/run/docker.sock", Listen => 9) or die $!; '
        "chmod 0666, '/run/docker.sock'; "
        'while (my $c = $s->accept) { sysread $c, my $x, 999; syswrite $c, "HTTP/1.1 200 OK\\r\\n\\r\\n" }'
    )
    for station in bench.stations.values():
        bench.shell(station, f"ip route replace default via {WORLD}")
        bench.shell(station, f"setsid perl -e '{listen.replace(chr(39), chr(34))}' >/dev/null 2>&1 </dev/null &")
    waiting = [(bench.gateway, "proxy"), (bench.view, "view")]
    waiting += [(station, "database") for station in bench.stations.values()]

    def missing() -> str:
        waiting[:] = [(container, service) for container, service in waiting if not _ready(bench, container, service)]
        return ", ".join(service for _, service in waiting)

    if wait_until(missing, 60):
        raise EngineError("Le banc d'essai du réseau ne démarre pas en 60 secondes. Recommencez.")


def _uplink(bench: Lab) -> None:
    """Have the machine itself reach the proof's Internet, past the engine's rules between its networks.

    So a station that leaks, by whatever way, reaches it too. The link is removed with the container `world`.
    """
    process = bench.engine.container(bench.world).pid
    bench.shell(
        bench.machine,
        "ip link del e5bmonde 2>/dev/null || true\n"
        f"ip link add e5bmonde type veth peer name monde0 netns {process}\n"
        "ip addr add 192.0.2.254/30 dev e5bmonde; ip -6 addr add 2001:db8:7::1/64 dev e5bmonde nodad\n"
        f"ip link set e5bmonde up; ip route replace {WORLD}/32 via 192.0.2.253 dev e5bmonde",
    )
    bench.shell(
        bench.world,
        "ip addr add 192.0.2.253/30 dev monde0; ip -6 addr add 2001:db8:7::2/64 dev monde0 nodad; ip link set monde0 up\n"
        f"ip route replace 192.0.2.252/30 dev monde0 src {WORLD}; ip -6 route replace 2001:db8:7::/64 dev monde0 src {WORLD6}\n"
        f"ip route replace default via 192.0.2.254 dev monde0 src {WORLD}\n"
        f"ip -6 route replace default via 2001:db8:7::1 dev monde0 src {WORLD6}",
    )
    bench.shell(bench.machine, f"ip -6 route replace {WORLD6}/128 via 2001:db8:7::2 dev e5bmonde")


def to_candidate(bench: Lab, *more: str) -> None:
    """Have the candidate's machine go out by the router, after running the commands `more` on it."""
    bench.shell(
        bench.candidate,
        "\n".join(
            [
                *more,
                f"ip route replace default via {ROUTER}",
                "ip -6 addr replace 2001:db8:6::f10/64 dev eth0 nodad; ip -6 route replace default via 2001:db8:6::f2 dev eth0",
            ]
        ),
    )


def _ready(bench: Lab, container: str, service: str) -> bool:
    command = {
        "proxy": f"exec 3<>/dev/tcp/127.0.0.1/{OPEN_PROXY}",
        "view": "exec 3<>/dev/tcp/127.0.0.1/8080",
        "database": "[ -e /var/lib/e5b/site/site.php ] && exec 3<>/dev/tcp/127.0.0.1/80",
    }[service]
    return bench.engine.run(container, ["bash", "-c", command], seconds=10).status == 0
