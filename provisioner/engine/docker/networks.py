"""Networks, and which containers are in them."""

from collections.abc import Mapping
from http import HTTPStatus

import docker.errors
from docker.types import IPAMConfig, IPAMPool

from provisioner.engine.docker.api import Network
from provisioner.engine.docker.client import Client, label_filters
from provisioner.engine.docker.errors import Wording, attempts, translated


class Networks(Client):
    """The engine's methods on networks."""

    def create_network(
        self,
        name: str,
        subnet: str,
        labels: Mapping[str, str],
        *,
        internal: bool = True,
        bridge: str = "",
        subnet6: str = "",
        masquerade: bool = True,
    ) -> str:
        """See Engine."""
        # Without an address of the bridge, the station finds no service of this machine on it.
        options = {"com.docker.network.bridge.inhibit_ipv4": "true"} if internal else {}
        options |= {"com.docker.network.bridge.name": bridge} if bridge else {}
        options |= {} if masquerade else {"com.docker.network.bridge.enable_ip_masquerade": "false"}
        pools = [IPAMPool(subnet=addresses) for addresses in (subnet, subnet6) if addresses]
        with translated(f"Réseau {name}"):
            network = self._api.create_network(
                name,
                driver="bridge",
                internal=internal,
                labels=dict(labels),
                check_duplicate=True,
                options=options,
                ipam=IPAMConfig(pool_configs=pools) if pools else None,
                enable_ipv6=bool(subnet6),
            )
        return str(network["Id"])

    def connect(self, network: str, container: str, address: str | None = None) -> None:
        """See Engine."""
        with translated(f"Réseau {network}"):
            self._api.connect_container_to_network(container, network, ipv4_address=address)

    def disconnect(self, network: str, container: str) -> None:
        """See Engine."""
        with translated(f"Réseau {network}"):
            try:
                self._api.disconnect_container_from_network(container, network, force=True)
            except docker.errors.NotFound:
                return
            except docker.errors.APIError as error:
                if not Wording.NOT_CONNECTED.explains(error):
                    raise

    def networks(self, **labels: str) -> dict[str, str]:
        """See Engine."""
        with translated("Liste des réseaux"):
            networks = self._api.networks(filters=label_filters(labels))
        return {network["Name"]: _subnet(network) for network in networks}

    def subnets(self) -> list[str]:
        """See Engine."""
        with translated("Liste des réseaux"):
            return [subnet for network in self._api.networks() if (subnet := _subnet(network))]

    def remove_network(self, name: str) -> None:
        """See Engine."""
        with translated(f"Réseau {name}"):
            for last in attempts():
                try:
                    self._api.remove_network(name)
                except docker.errors.NotFound:
                    return
                except docker.errors.APIError as error:
                    # 403: a container is in it. Docker forgets a removed container's place a moment after its removal.
                    if last or error.status_code != HTTPStatus.FORBIDDEN:
                        raise
                else:
                    return


def _subnet(network: Network) -> str:
    pools = (network.get("IPAM") or {}).get("Config") or [{}]
    return str(pools[0].get("Subnet", ""))
