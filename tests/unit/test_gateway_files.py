"""What a gateway is told: the declaration, and nothing else, decides what passes."""

import json
import re
import tomllib
from dataclasses import replace
from ipaddress import IPv4Network
from pathlib import Path

import pytest

from provisioner.core.declaration import Network
from provisioner.core.errors import ConfigurationError
from provisioner.host.paths import ROOT
from provisioner.host.settings import Settings
from provisioner.network.browser_policies import LINUX_AUTHORITY
from provisioner.network.certificates import authority_pem
from provisioner.network.gateway_files import candidates_rules, gateway_files, host_rules, pac
from provisioner.network.room import Addresses, Room

BLOCK = Addresses(IPv4Network("10.213.0.0/22"))
PORTS = Room("salle", "192.0.2.1", "0.0.0.0", 8101, 3)
NAMES = Room("salle", "192.0.2.1", "192.0.2.1", 8101, 3, "examen.test", 80)


def told(room: Room = PORTS, **network: object) -> dict[str, str]:
    """The gateway's files as text, without their folder."""
    settings = Settings(host="192.0.2.1", network=Network.model_validate(network))
    files = gateway_files(room, BLOCK, settings)
    return {name.removeprefix("etc/e5b/"): content.decode(errors="replace") for name, content in files.items()}


def test_the_page_of_the_end_says_what_is_kept_and_what_is_not_whoever_ended_it() -> None:
    page = told()["over.conf"]
    assert "Tout ce que vous aviez enregistré avant la fin est gardé" in page
    assert "Ce qui a été cliqué après la fin n’est pas enregistré" in page
    assert "temps est écoulé" not in page  # he may have handed it in


def test_by_default_nothing_leaves_the_gateway_but_towards_its_stations() -> None:
    files = told()
    output = files["rules.nft"].split("chain output")[1]
    assert re.findall(r"(\S.*) accept", output) == [
        "oif lo",
        "ct state established,related",
        "ip daddr 10.213.0.0/22 tcp dport 80",
    ]
    assert "http_access allow" not in files["squid.conf"]
    assert "server=" not in files["dnsmasq.conf"]
    assert "address=/#/" in files["dnsmasq.conf"]


def test_an_allowed_site_passes_by_its_name_and_no_private_address_does() -> None:
    files = told(allowed=["maps.google.com"])
    squid = files["squid.conf"]
    rules = re.findall(r"^http_access (.*)$", squid, re.M)
    assert rules == [
        "deny manager",
        "deny !allowed",
        "deny private",
        "allow CONNECT tls",
        "allow !CONNECT web",
        "deny all",
    ]
    assert "ssl_bump splice named" in squid
    assert "server=/maps.google.com/" in files["dnsmasq.conf"]
    assert "169.254.0.0/16" in files["rules.nft"]


def test_what_a_candidate_writes_can_not_end_a_field_of_the_proxys_record() -> None:
    (line,) = [
        line for line in told(allowed=["maps.google.com"])["squid.conf"].splitlines() if line.startswith("logformat")
    ]
    his = ("rm", "ru", "ssl::>sni", ">h")
    written = [field for field in re.findall(r'"(%[^"]+)"', line) if field.endswith(his)]
    assert len(written) == len(his)
    assert all(field.startswith("%#") for field in written)
    assert "on-error=drop" in told()["squid.conf"]  # a full disk doesn't end the proxy


def test_a_line_of_the_web_doors_record_is_short_whatever_is_asked() -> None:
    nginx = told()["nginx.conf"]
    (line,) = [line for line in nginx.splitlines() if "log_format" in line]
    own = {"time_iso8601", "remote_addr", "server_addr", "status", "place", "kind", "whose", "worth", "decided"}
    written = set(re.findall(r"\$(\w+)", line)) - own
    cut = dict(re.findall(r'map \$\w+ \$(\w+) \{ "~\^\(\?<\w+>\.\{0,(\d+)\}\)"', nginx))
    assert written == set(cut)
    assert sum(map(int, cut.values())) < 1000
    assert '$decided { default ""; "~^1:(over|before|moved)$" $1; }' in nginx


def test_the_proxy_knows_the_rooms_own_names_and_not_their_neighbours() -> None:
    squid = told(NAMES, domain="examen.test", allowed=["maps.google.com"])["squid.conf"]
    (room,) = re.findall(r"^acl room dstdomain -n (.*)$", squid, re.M)
    assert room.split()[0] == "poste-01.examen.test"
    assert not [name for name in room.split() if name.startswith(".")]


def refused_of_shared(arguments: str) -> bool:
    """Whether the shared sites' door takes a request with these for one that writes."""
    (body,) = re.findall(r"map \$args \$writes \{(.*?)\n    \}", told()["nginx.conf"], re.S)
    patterns = re.findall(r'"(~\*?)(.*)" 1;', body)
    assert patterns
    return any(re.search(one, arguments, re.I if kind == "~*" else 0) for kind, one in patterns)


@pytest.mark.parametrize(
    "arguments",
    [
        "_method=POST",
        "a=1&_METHOD=put",
        ".method=POST",
        "SubmitLogin=1&email=a",
        "submitCreate",
        "create_account=1",
        "create.account=1",
        "controller=cart&add=1&id_product=2",
        "update&op=up",
        "delete[]=1",
        "submi%74Login=1",
        "+submitLogin=1",
    ],
)
def test_nothing_can_be_written_to_a_shared_site_by_its_address(arguments: str) -> None:
    assert refused_of_shared(arguments)


@pytest.mark.parametrize(
    "arguments",
    ["", "s=submit+delete", "q=Cat%C3%A9gories-P%C3%A2tes", "order=product.price.asc&page=2", "address=1", "6.4.2"],
)
def test_a_shared_site_is_read_with_its_searches_and_pages(arguments: str) -> None:
    assert not refused_of_shared(arguments)


def test_a_shared_site_knows_nobody() -> None:
    (door,) = [one for one in told()["nginx.conf"].split("server {") if "proxy_pass http://$shared;" in one]
    for header in ("Cookie", "Authorization", "X-HTTP-Method-Override", "X-Forwarded-Proto", "X-Forwarded-Host", "SSL"):
        assert f'proxy_set_header {header} "";' in door
    assert "proxy_hide_header Set-Cookie;" in door
    assert "proxy_pass_request_body off;" in door


def test_nobody_has_anothers_station_ask_for_a_site() -> None:
    doors = [one for one in told()["nginx.conf"].split("server {") if "proxy_pass http://$to;" in one]
    assert len(doors) == 3
    assert all('if ($uri ~* "^/(xmlrpc\\.php)") { return 403; }' in door for door in doors)


def test_a_body_is_read_whole_before_a_station_hears_of_it() -> None:
    servers = told()["nginx.conf"].split("server {")
    (deciding,) = [one for one in servers if "listen unix:" in one]
    assert [one for one in servers if "proxy_request_buffering off" in one] == [deciding]
    assert "if ($closed = over) { return 423; }" in deciding
    assert "if ($begun_at != $upstream_id) { return 409; }" in deciding
    assert told()["upstreams/02.conf"] == "2 first;\n"


def test_one_machine_has_so_much_under_way_at_a_station_and_in_the_room() -> None:
    doors = [one for one in told()["nginx.conf"].split("server {") if "proxy_pass http://$to;" in one]
    for door in doors:
        limits = dict(re.findall(r"limit_conn (\w+) (\d+);", door))
        limits |= dict(re.findall(r"limit_req zone=(\w+) burst=(\d+) ", door))
        assert limits.keys() == set(re.findall(r"zone=(\w+):", told()["nginx.conf"]))
        assert (
            6 < int(limits["bodies_at_station"]) <= int(limits["at_station"]) < 16
        )  # a browser's; a station's workers


def test_one_machine_takes_neither_every_connection_nor_the_whole_record_of_the_router() -> None:
    assert "ip saddr ct count over 512" in told()["rules.nft"]
    rules = candidates_rules(PORTS, Settings(), "10.213.0.0/16", "eth1").decode()
    logged = [line.strip() for line in rules.splitlines() if "log prefix" in line]
    assert [line.split(" limit rate")[0] for line in logged] == ["update @told { ip saddr", "update @told6 { ip6 saddr"]


def test_the_rooms_dns_knows_every_name_of_the_room() -> None:
    known = re.findall(r"host-record=(\S+),192\.0\.2\.1", told(NAMES, domain="examen.test")["dnsmasq.conf"])
    assert known[:3] == ["poste-01.examen.test", "poste-02.examen.test", "poste-03.examen.test"]
    assert "partenaire.examen.test" in known


def test_examiners_come_from_the_machine_alone() -> None:
    (rule,) = [line.strip() for line in told()["rules.nft"].splitlines() if "8100" in line]
    assert rule == "ip saddr 10.213.0.1 ip daddr 10.213.0.2 tcp dport 8100 accept"


def test_stations_find_one_port_at_one_address_of_the_gateway() -> None:
    rules = [line.strip() for line in told()["rules.nft"].split("chain forward")[0].splitlines() if "saddr 10" in line]
    assert rules[-1] == "ip saddr 10.213.0.0/22 ip daddr 10.213.0.0/22 ip daddr != 10.213.0.2 tcp dport 80 accept"
    assert len(rules) == 2


def test_the_browsers_proxy_file_sends_all_but_the_room_to_the_proxy() -> None:
    told_hosts = json.loads(re.findall(r"room = (\[.*?\]);", pac(PORTS))[0])
    assert "192.0.2.1:8101" in told_hosts
    assert 'return "PROXY 192.0.2.1:8099";' in pac(PORTS)
    assert "poste-01.examen.test:80" in json.loads(re.findall(r"room = (\[.*?\]);", pac(NAMES))[0])


def test_the_machines_rules_name_the_rooms_own_bridges_and_lifting_them_leaves_nothing() -> None:
    held, lifted = (host_rules(PORTS, BLOCK.block, laid=laid).decode() for laid in (True, False))
    assert f'iifname "{PORTS.mark}-*" drop' in held
    assert len(f"{PORTS.mark}-p01") <= 15
    tables = set(re.findall(r"^table (\w+ \w+) \{", held, re.M))
    assert tables == {f"inet {PORTS.mark}", f"bridge {PORTS.mark}"}
    assert set(re.findall(r"^delete table (.*)$", lifted, re.M)) == tables
    assert "{" not in lifted.replace("{{", "")


def test_two_stations_of_one_place_do_not_meet_while_one_replaces_the_other() -> None:
    held = host_rules(PORTS, BLOCK.block, laid=True).decode()
    (rule,) = [line.strip() for line in held.split("table bridge")[-1].splitlines() if "saddr" in line]
    # The gateway has the second address of each network of eight.
    assert rule == (
        "ip saddr 10.213.0.0/22 ip daddr 10.213.0.0/22 ip saddr & 0.0.0.7 != 0.0.0.2 ip daddr & 0.0.0.7 != 0.0.0.2 drop"
    )


def test_the_router_lets_candidates_come_to_the_rooms_own_address_where_it_has_one() -> None:
    def doors(room: Room) -> list[str]:
        rules = candidates_rules(room, Settings(), "10.213.0.0/16", "eth1").decode().split("chain through")[0]
        return [line.split(" tcp dport")[0].strip() for line in rules.splitlines() if " tcp dport" in line]

    assert doors(NAMES) == ["ip daddr 192.0.2.1"]
    assert doors(PORTS) == ["meta nfproto ipv4"]  # wherever this machine answers


def test_a_router_that_is_asked_for_it_answers_dhcp_and_else_does_not() -> None:
    def rules(dhcp: str = "") -> str:
        net = Network(wiring="routeur", interface="eth1", dhcp=dhcp)
        return candidates_rules(PORTS, Settings(network=net), "10.213.0.0/16", "eth1").decode()

    assert "dport 67" not in rules()
    assert "udp dport 67 accept" in rules(dhcp="192.0.2.50-192.0.2.99")


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("allowed", '["http://maps.google.com"]', "sans http://"),
        ("allowed", '["192.0.2.7"]', "n'est pas un nom de site"),
        ("dhcp", '"192.0.2.99-192.0.2.50"', "suite d'adresses"),
        ("wiring", '"router"', "routeur"),
        ("porte", "1", "cette clé n'existe pas"),
    ],
)
def test_a_mistake_in_the_declaration_is_told_with_its_key(tmp_path: Path, key: str, value: str, said: str) -> None:
    from provisioner.host.settings import load_settings

    (tmp_path / "e5b.toml").write_text(f"[network]\n{key} = {value}\n")
    with pytest.raises(ConfigurationError, match=rf"network\.{key}.*{re.escape(said)}"):
        load_settings(tmp_path / "e5b.toml")


def test_every_key_of_the_declaration_stands_in_the_technicians_guide() -> None:
    guide = (ROOT / "docs/technicien.md").read_text(encoding="utf-8")
    for key, field in Network.model_fields.items():
        assert field.description
        assert f"| `{key}` |" in guide


def test_with_tls_stations_alone_answer_by_it_and_what_is_typed_without_leads_there() -> None:
    for room in (replace(PORTS, tls=True), replace(NAMES, tls=True)):
        nginx = told(room)["nginx.conf"]
        for place in (1, 2, 3):
            assert f"listen 10.213.0.2:{room.port_of(place)} ssl;" in nginx
            assert f'"{room.plain_host_of(place)}" {room.host_of(place)};' in nginx
        assert f"listen 10.213.0.2:{room.examiner_port} ssl proxy_protocol;" in nginx
        assert nginx.count("error_page 497 = @secure;") == 4
        assert "listen 0.0.0.0:80 default_server;" in nginx
        assert f'href="{room.address_of(1)}/"' in told(room)["pages/postes.html"]
        ports = re.findall(r"tcp dport \{ (.*?) \}", told(room)["rules.nft"])[0].split(", ")
        assert {str(room.port_of(1)), room.pages_host.partition(":")[2] or "80"} <= set(ports)


def test_a_browser_goes_straight_to_a_station_with_https_and_without() -> None:
    hosts = json.loads(re.findall(r"room = (\[.*?\]);", pac(replace(NAMES, tls=True)))[0])
    assert {"poste-01.examen.test:443", "poste-01.examen.test:80", "partenaire.examen.test:80"} <= set(hosts)
    assert "partenaire.examen.test:443" not in hosts
    moved = json.loads(re.findall(r"room = (\[.*?\]);", pac(replace(PORTS, tls=True)))[0])
    assert moved == json.loads(re.findall(r"room = (\[.*?\]);", pac(PORTS))[0])


def test_a_room_without_tls_has_nothing_of_it() -> None:
    for room in (PORTS, NAMES):
        files = told(room)
        with_it = [
            name for name, text in files.items() if re.search(r"\bssl_certificate|:\d+ ssl|CACert|tls/|autorit", text)
        ]
        # What takes the rules away takes away what was laid while the room had an authority, too.
        assert with_it == ["pages/poste/retirer.sh", "pages/poste/retirer.cmd"]


def test_the_scripts_lay_the_rooms_authority_and_take_away_what_they_laid() -> None:
    authority = "TUlJQg==" * 20
    files = told(replace(NAMES, tls=True, authority=authority))
    lines = authority_pem(authority).splitlines()
    sh, cmd = files["pages/poste/poser.sh"], files["pages/poste/poser.cmd"].replace("\r\n", "\n")
    assert f"poser {LINUX_AUTHORITY} <<'E5B'\n" + "\n".join(lines) in sh
    assert LINUX_AUTHORITY in files["pages/poste/retirer.sh"]
    assert "\n".join(f"::~{line}" for line in lines) in cmd
    # What another had installed before is left where it is: only what this script adds is noted to be removed.
    asked, noted, added = (
        cmd.index(f"certutil {verb}") if verb else cmd.index('>>"%avant%\\autorites"')
        for verb in ("-store Root", "", "-addstore")
    )
    assert asked < noted < added
    assert "certutil -delstore Root %%t" in files["pages/poste/retirer.cmd"]
    assert files["pages/poste/autorite.crt"] == authority_pem(authority)
    for name in ("chromium", "chrome", "edge"):
        assert re.search(
            rf'/{name}/policies/managed/zzz-e5b\.json <<.*?"CACertificates": \[\n +"{authority}"', sh, re.S
        )


@pytest.mark.parametrize(
    ("action", "saved"), [("uag_update_popup_status", True), ("uag_load_popup_status", False), ("heartbeat", False)]
)
def test_a_form_in_several_parts_saves_where_it_says_so(action: str, saved: bool) -> None:
    """As a browser sends the switch in Spectra's list of pop-ups."""
    rules = tomllib.loads((ROOT / "stacks/wordpress/gateway/requests.toml").read_text(encoding="utf-8"))["saves"]
    part = '------x\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
    form = part.format("action", action) + part.format("enabled", "false") + "------x--\r\n"
    known = [body for asked, body in rules if re.search(asked, "POST /wp-admin/admin-ajax.php")]
    assert any(not body or re.search(body, form, re.DOTALL) for body in known) is saved
