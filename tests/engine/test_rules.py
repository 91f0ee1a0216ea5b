"""The kernel takes every set of rules, and lifting them leaves what others had laid. The gateway's own nft tries them."""

import subprocess
from collections.abc import Callable

import pytest

from provisioner.core.declaration import Network
from provisioner.host.settings import Settings
from provisioner.leakcheck import wiring
from provisioner.network.gateway_files import candidates_rules, count_of_rules, host_rules
from tests.unit.test_gateway_files import BLOCK, NAMES, told

Loaded = Callable[..., str]


@pytest.fixture
def loaded(gateway: str) -> Loaded:
    """What stands once these were loaded, one after another, in a network namespace of their own."""

    def load(*rules: str) -> str:
        steps = "".join(f"nft -f - <<'FIN'\n{one}\nFIN\n" for one in rules)
        alone = ("--rm", "--label=e5b.kind=essai", "--network=none", "--cap-add=NET_ADMIN", "--entrypoint=sh")
        words = ["docker", "run", *alone, gateway, "-euc", f"{steps}nft list ruleset"]
        done = subprocess.run(words, text=True, capture_output=True, check=False, timeout=120)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return load


def test_the_kernel_takes_every_set_of_rules(loaded: Loaded) -> None:
    net = {"wiring": "routeur", "interface": "eth1", "dhcp": "192.0.2.50-192.0.2.99", "domain": "examen.test"}
    settings = Settings(host="192.0.2.1", network=Network.model_validate(net))
    others = "table inet autre {\n chain entree {\n  type filter hook input priority 0\n  accept\n }\n}\n"
    for laid, lifted in (
        (candidates_rules(NAMES, settings, "10.213.0.0/16", "eth1").decode(), wiring.LIFT),
        (host_rules(NAMES, BLOCK.block, laid=True).decode(), host_rules(NAMES, BLOCK.block, laid=False).decode()),
    ):
        before = loaded(others)
        assert loaded(others, laid) == loaded(others, laid, laid) != before
        assert loaded(others, laid, lifted) == loaded(others, lifted) == before
    for files in (told(), told(NAMES, allowed=["maps.google.com"], domain="examen.test")):
        assert loaded(files["rules.nft"])


def test_the_rules_that_stand_are_counted_as_they_were_laid(loaded: Loaded) -> None:
    rules = candidates_rules(NAMES, Settings(), "10.213.0.0/16", "eth1").decode()
    emptied = f"flush table inet {wiring.TABLE}"
    assert count_of_rules(loaded(rules)) == count_of_rules(rules) > 0
    assert count_of_rules(loaded(rules, emptied)) == 0
