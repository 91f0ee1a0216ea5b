"""The ways out that a proof of the network tries: what is sent, where to, and what is heard if it works.

A place is a word that the proof gives an address to: `monde` is the Internet of the proof (see world.pl), in
the real room as in the one without rules; `machine` and the rest are what they are where the way is tried.
"""

import struct
from dataclasses import dataclass

#: What world.pl puts into every answer.
MARK = b"E5B-DEHORS"
#: What is seen of a candidate's way that nothing of this machine shuts.
UNHELD = "non tenu par ce câblage"
#: The Internet of a proof (addresses kept for documentation).
WORLD, WORLD6 = "203.0.113.10", "2001:db8:5::f10"
STREAMS = (21, 22, 25, 53, 80, 443, 587, 853, 1080, 2375, 2376, 3128, 3306, 6667, 8080, 8099, 8443, 8100, 47999)
DATAGRAMS = (53, 123, 443, 1194, 5353, 47999, 51820)


@dataclass(frozen=True)
class WayOut:
    """One way: `place` is where to, `sides` who tries it: "candidat", "poste" or both; "archive": the gateway of an opened one."""

    id: str
    title: str
    kind: str
    place: str
    port: int
    send: bytes
    hear: bytes = MARK
    sides: tuple[str, ...] = ("candidat", "poste")

    def line(self, address: str, port: int = 0) -> str:
        """What probe.pl reads."""
        return "\t".join([self.id, self.kind, address, str(port or self.port), self.send.hex(), self.hear.hex()])


def http(host: str = WORLD, path: str = "/", *more: str, method: str = "GET") -> bytes:
    """A request."""
    return "\r\n".join([f"{method} {path} HTTP/1.1", f"Host: {host}", *more, "Connection: close", "", ""]).encode()


def websocket(host: str = WORLD) -> bytes:
    """The request that opens a WebSocket."""
    upgrade = ("Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: ZTViLWU1Yi1lNWItZTViIQ==")
    return "\r\n".join(["GET /ws HTTP/1.1", f"Host: {host}", *upgrade, "Connection: Upgrade", "", ""]).encode()


def dns(name: str, kind: int = 16, *, stream: bool = False) -> bytes:
    """A question: TXT, or another kind; with its length before it over TCP."""
    labels = b"".join(bytes([len(part)]) + part.encode() for part in name.split("."))
    query = struct.pack("!HHHHHH", 0xE5B5, 0x0100, 1, 0, 0, 0) + labels + b"\0" + struct.pack("!HH", kind, 1)
    return struct.pack("!H", len(query)) + query if stream else query


def hello(name: str) -> bytes:
    """The beginning of a TLS session with the server of that name."""
    server = name.encode()
    named = struct.pack("!HHHBH", 0, len(server) + 5, len(server) + 3, 0, len(server)) + server
    more = bytes.fromhex("000a00080006001d00170018000d000a0008040304010503 0501002b0003020304".replace(" ", ""))
    extensions = named + more
    body = b"\x03\x03" + b"\xe5" * 32 + b"\0" + bytes.fromhex("0004c02bc02f0100") + struct.pack("!H", len(extensions))
    body += extensions
    return b"\x16\x03\x01" + struct.pack("!H", len(body) + 4) + b"\x01\0" + struct.pack("!H", len(body)) + body


NTP = b"\x1b" + bytes(47)
QUIC = b"\xc3\0\0\0\1\x08" + b"\xe5" * 8 + bytes(1186)
_CONNECT = http("", "203.0.113.10:443", method="CONNECT").replace(b"Host: \r\n", b"")
#: And what is said through it: a proxy may say yes and carry nothing.
_THROUGH = _CONNECT + hello("www.e5b-preuve.test")
_ELSEWHERE = "http://203.0.113.10/"
_CANDIDATE, _STATION, _VIEW = ("candidat",), ("poste",), ("archive",)


def _direct(suffix: str, place: str, title: str) -> tuple[WayOut, ...]:
    """What is tried with an address of the Internet, of either kind."""
    host = WORLD if place == "monde" else f"[{WORLD6}]"
    return (
        WayOut(f"dns-udp{suffix}", f"DNS à un autre serveur{title}", "udp", place, 53, dns("www.e5b-preuve.test")),
        WayOut(f"dns-tcp{suffix}", f"DNS par TCP{title}", "tcp", place, 53, dns("www.e5b-preuve.test", stream=True)),
        WayOut(f"dot{suffix}", f"DNS par TLS{title}", "tcp", place, 853, hello("dns.e5b-preuve.test")),
        WayOut(f"doh{suffix}", f"DNS par HTTPS{title}", "tcp", place, 443, hello("doh.e5b-preuve.test")),
        WayOut(f"http{suffix}", f"HTTP{title}", "tcp", place, 80, http(host)),
        WayOut(f"https{suffix}", f"HTTPS{title}", "tcp", place, 443, hello("www.e5b-preuve.test")),
        WayOut(f"http3{suffix}", f"HTTP/3 (QUIC){title}", "udp", place, 443, QUIC),
        WayOut(f"ws{suffix}", f"WebSocket{title}", "tcp", place, 80, websocket(host)),
        WayOut(f"ftp{suffix}", f"FTP{title}", "tcp", place, 21, b"USER anonymous\r\n"),
        WayOut(f"ssh{suffix}", f"SSH{title}", "tcp", place, 22, b"SSH-2.0-e5b\r\n"),
        WayOut(f"smtp{suffix}", f"SMTP{title}", "tcp", place, 25, b"EHLO poste\r\n"),
        WayOut(f"ntp{suffix}", f"NTP{title}", "udp", place, 123, NTP),
        WayOut(f"icmp{suffix}", f"ICMP (ping){title}", "icmp", place, 0, b"", b"e5bprobe"),
    )


WAYS_OUT: tuple[WayOut, ...] = (
    *_direct("", "monde", ""),
    *_direct("-6", "monde6", " en IPv6"),
    WayOut("soumission", "SMTP, port 587", "tcp", "monde", 587, b"EHLO poste\r\n"),
    WayOut("http-autre", "HTTP, port 8080", "tcp", "monde", 8080, http()),
    WayOut("https-autre", "HTTPS, port 8443", "tcp", "monde", 8443, hello("www.e5b-preuve.test")),
    WayOut("port-rare", "Un port quelconque, TCP", "tcp", "monde", 47999, b"bonjour\n"),
    WayOut("port-rare-udp", "Un port quelconque, UDP", "udp", "monde", 47999, b"bonjour\n"),
    WayOut("irc", "Messagerie (IRC)", "tcp", "monde", 6667, b"NICK poste\r\n"),
    WayOut("socks", "Mandataire SOCKS du dehors", "tcp", "monde", 1080, b"\5\1\0"),
    WayOut("mandataire", "Mandataire ouvert du dehors, CONNECT", "tcp", "monde", 3128, _CONNECT),
    WayOut("mandataire-url", "Mandataire ouvert du dehors, URL absolue", "tcp", "monde", 8080, http("x", _ELSEWHERE)),
    WayOut("openvpn", "VPN (OpenVPN)", "udp", "monde", 1194, b"\x38" + b"\xe5" * 13),
    WayOut("wireguard", "VPN (WireGuard)", "udp", "monde", 51820, b"\1\0\0\0" + b"\xe5" * 144),
    WayOut("sni", "HTTPS sous un nom de la salle (SNI forgé)", "tcp", "monde", 443, hello("poste-01.examen.test")),
    WayOut("host-forge", "HTTP sous un nom de la salle (Host forgé)", "tcp", "monde", 80, http("poste-01.examen.test")),
    WayOut("redirection", "Page qui renvoie dehors", "tcp", "monde", 80, http(WORLD, "/redirect")),
    WayOut("tunnel-dns", "Tunnel dans des noms DNS", "udp", "monde", 53, dns("6576616465.tunnel.e5b-preuve.test")),
    WayOut(
        "metadonnees", "Adresse des métadonnées (169.254.169.254)", "tcp", "metadonnees", 80, http("169.254.169.254")
    ),
    WayOut("mdns", "Multidiffusion (mDNS)", "udp", "multi", 5353, dns("_http._tcp.local", 12), b""),
    WayOut("mdns-6", "Multidiffusion en IPv6", "udp", "multi6", 5353, dns("_http._tcp.local", 12), b""),
    WayOut("lien-local", "Machine de la salle, IPv6 de lien local", "tcp", "lien-local", 47999, b"bonjour\n"),
    WayOut("machine", "Services de la machine de la salle, TCP", "tcp", "machine", 47999, b"bonjour\n"),
    WayOut("machine-udp", "Services de la machine de la salle, UDP", "udp", "machine", 47999, b"bonjour\n"),
    WayOut("machine-ssh", "SSH de la machine de la salle", "tcp", "machine", 22, b"SSH-2.0-e5b\r\n", b""),
    WayOut("moteur", "API du moteur Docker", "tcp", "machine", 2375, http("moteur", "/version"), b""),
    WayOut("moteur-tls", "API du moteur Docker, TLS", "tcp", "machine", 2376, hello("moteur"), b""),
    # Inside the room, from a station.
    WayOut("prise", "Prise du moteur Docker", "unix", "prise", 0, http("moteur", "/version"), b"", _STATION),
    WayOut("voisin", "HTTP d’un autre poste", "tcp", "voisin", 80, http(), b"HTTP/", _STATION),
    WayOut("voisin-base", "MariaDB d’un autre poste", "tcp", "voisin", 3306, b"\n", b"", _STATION),
    WayOut("entree-poste", "Autre poste, par l’entrée", "tcp", "entree-poste", 8080, http(), b"HTTP/", _STATION),
    WayOut("entree-porte", "Porte des examinateurs", "tcp", "entree-porte", 8100, http(), b"", _STATION),
    WayOut(
        "entree-mandataire",
        "Mandataire des candidats",
        "tcp",
        "entree-mandataire",
        8099,
        http("x", _ELSEWHERE),
        b"",
        _STATION,
    ),
    WayOut("entree-dns", "DNS de l’entrée", "udp", "entree", 53, dns("www.e5b-preuve.test"), b"", _STATION),
    WayOut(
        "entree-dns-tcp",
        "DNS de l’entrée par TCP",
        "tcp",
        "entree",
        53,
        dns("www.e5b-preuve.test", stream=True),
        b"",
        _STATION,
    ),
    WayOut("entree-dot", "DNS de l’entrée par TLS", "tcp", "entree", 853, hello("dns.e5b-preuve.test"), b"", _STATION),
    WayOut(
        "entree-doh", "DNS de l’entrée par HTTPS", "tcp", "entree", 443, hello("doh.e5b-preuve.test"), b"", _STATION
    ),
    WayOut("moteur-dns", "DNS du moteur Docker", "udp", "moteur-dns", 53, dns("www.e5b-preuve.test"), MARK, _STATION),
    WayOut("autre-salle", "Une autre salle de cette machine", "tcp", "autre-salle", 80, http(), b"HTTP/", _STATION),
    WayOut(
        "entree-url", "URL absolue à l’entrée", "tcp", "entree", 80, http("203.0.113.10", _ELSEWHERE), MARK, _STATION
    ),
    WayOut("entree-connect", "CONNECT à l’entrée", "tcp", "entree", 80, _THROUGH, MARK, _STATION),
    WayOut(
        "entree-host", "Host forgé à l’entrée", "tcp", "entree", 80, http("www.e5b-preuve.test"), b" 200 ", _STATION
    ),
    # Through the gateway, from a candidate's machine.
    WayOut("m-url", "URL absolue par le mandataire", "tcp", "mandataire", 0, http(WORLD, _ELSEWHERE), MARK, _CANDIDATE),
    WayOut(
        "m-url6",
        "URL absolue en IPv6 par le mandataire",
        "tcp",
        "mandataire",
        0,
        http(f"[{WORLD6}]", f"http://[{WORLD6}]/"),
        MARK,
        _CANDIDATE,
    ),
    WayOut(
        "m-redirection",
        "Redirection par le mandataire",
        "tcp",
        "mandataire",
        0,
        http(WORLD, f"{_ELSEWHERE}redirect"),
        MARK,
        _CANDIDATE,
    ),
    WayOut("m-connect", "CONNECT par le mandataire", "tcp", "mandataire", 0, _THROUGH, MARK, _CANDIDATE),
    WayOut(
        "m-connect-ssh",
        "CONNECT vers SSH par le mandataire",
        "tcp",
        "mandataire",
        0,
        _CONNECT.replace(b":443", b":22") + b"SSH-2.0-e5b\r\n",
        MARK,
        _CANDIDATE,
    ),
    WayOut(
        "m-host",
        "Host forgé par le mandataire",
        "tcp",
        "mandataire",
        0,
        http("poste-01.examen.test", _ELSEWHERE),
        MARK,
        _CANDIDATE,
    ),
    WayOut(
        "m-admin",
        "Administration du mandataire",
        "tcp",
        "mandataire",
        0,
        http("localhost", "/squid-internal-mgr/info"),
        b" 200 ",
        _CANDIDATE,
    ),
    WayOut("p-host", "Host forgé à la porte d’un poste", "tcp", "porte-poste", 0, http(WORLD), MARK, _CANDIDATE),
    WayOut(
        "p-url", "URL absolue à la porte d’un poste", "tcp", "porte-poste", 0, http(WORLD, _ELSEWHERE), MARK, _CANDIDATE
    ),
    WayOut("p-connect", "CONNECT à la porte d’un poste", "tcp", "porte-poste", 0, _THROUGH, MARK, _CANDIDATE),
    WayOut(
        "p-rebond",
        "Nom du dehors qui pointe vers la salle",
        "tcp",
        "porte-poste",
        0,
        http("rebind.e5b-preuve.test"),
        b" 200 ",
        _CANDIDATE,
    ),
    WayOut(
        "p-porte",
        "Porte des examinateurs",
        "tcp",
        "porte-examen",
        0,
        b"PROXY TCP4 127.0.0.1 127.0.0.1 1 80\r\n" + http(),
        b"",
        _CANDIDATE,
    ),
    WayOut(
        "d-nom",
        "Nom du dehors au DNS de la salle",
        "udp",
        "dns-salle",
        0,
        dns("www.e5b-preuve.test", 1),
        bytes([203, 0, 113, 10]),
        _CANDIDATE,
    ),
    WayOut(
        "d-nom-tcp",
        "Le même par TCP",
        "tcp",
        "dns-salle",
        0,
        dns("www.e5b-preuve.test", 1, stream=True),
        bytes([203, 0, 113, 10]),
        _CANDIDATE,
    ),
    WayOut(
        "d-dot", "DNS de la salle par TLS", "tcp", "dns-chiffre", 853, hello("dns.e5b-preuve.test"), MARK, _CANDIDATE
    ),
    WayOut(
        "d-doh", "DNS de la salle par HTTPS", "tcp", "dns-chiffre", 443, hello("doh.e5b-preuve.test"), MARK, _CANDIDATE
    ),
    WayOut(
        "d-tunnel",
        "Tunnel par le DNS de la salle",
        "udp",
        "dns-salle",
        0,
        dns("6576616465.tunnel.e5b-preuve.test"),
        MARK,
        _CANDIDATE,
    ),
    WayOut(
        "r-entree", "L’entrée prise comme routeur", "tcp", "derriere-entree", 80, http("203.0.113.20"), MARK, _CANDIDATE
    ),
    WayOut("r-poste", "Un poste, derrière l’entrée", "tcp", "poste", 80, http(), b"HTTP/", _CANDIDATE),
    # From the gateway of an opened archive, should what its candidate left there decide what it does.
    WayOut("v-http", "HTTP, d’une archive rouverte", "tcp", "monde", 80, http(), MARK, _VIEW),
    WayOut("v-https", "HTTPS, d’une archive rouverte", "tcp", "monde", 443, hello("www.e5b-preuve.test"), MARK, _VIEW),
    WayOut("v-dns", "DNS, d’une archive rouverte", "udp", "monde", 53, dns("www.e5b-preuve.test"), MARK, _VIEW),
    WayOut("v-port", "Un port quelconque, d’une archive rouverte", "tcp", "monde", 47999, b"bonjour\n", MARK, _VIEW),
    WayOut(
        "v-machine",
        "Services de la machine, d’une archive rouverte",
        "tcp",
        "machine",
        47999,
        b"bonjour\n",
        MARK,
        _VIEW,
    ),
    WayOut(
        "v-machine-udp",
        "Services de la machine en UDP, d’une archive rouverte",
        "udp",
        "machine",
        47999,
        b"bonjour\n",
        MARK,
        _VIEW,
    ),
    WayOut(
        "v-moteur",
        "API du moteur Docker, d’une archive rouverte",
        "tcp",
        "machine",
        2375,
        http("moteur", "/version"),
        b"",
        _VIEW,
    ),
    WayOut("v-entree", "L’entrée de la salle, d’une archive rouverte", "tcp", "entree", 80, http(), b"HTTP/", _VIEW),
    WayOut("v-poste", "Un poste de la salle, d’une archive rouverte", "tcp", "poste", 80, http(), b"HTTP/", _VIEW),
)
