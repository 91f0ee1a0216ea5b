"""Containers: made, started and stopped, copied, listed and removed."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus

import docker.errors

from provisioner.engine.docker.api import Container, Endpoint, Health, HostOptions, ListedContainer
from provisioner.engine.docker.client import Client, label_filters
from provisioner.engine.docker.connection import Connection
from provisioner.engine.docker.errors import Wording, attempts, translated
from provisioner.engine.protocol import RENAMED_SUFFIX, ContainerSpec, ContainerState, Limits

#: Processors are bounded by the second, in microseconds: a page that needs less is as fast as ever, and one that never ends
#: leaves the others most of each second, where by the tenth of a second it would slow each of their pages.
_PERIOD = 1_000_000
#: What a container may use of a machine with one or two processors.
_LEAST_PROCESSORS = 0.6


class Containers(Client):
    """The engine's methods on containers."""

    def create(self, spec: ContainerSpec) -> str:
        """See Engine."""
        networking = None
        if spec.join and not spec.host_network:
            networking = self._api.create_networking_config(
                {spec.join.network: self._api.create_endpoint_config(ipv4_address=spec.join.address)}
            )
        with translated(f"Conteneur {spec.name}"):
            return str(
                self._api.create_container(
                    spec.image,
                    name=spec.name,
                    command=list(spec.command) or None,
                    entrypoint=list(spec.entrypoint) or None,
                    environment=dict(spec.environment),
                    labels=dict(spec.labels),
                    ports=[_exposed(port) for port in spec.ports],
                    stdin_open=spec.stdin,
                    host_config=self._api.create_host_config(**(_host_options(spec) | self._bounded(spec))),
                    networking_config=networking,
                    # Else whoever inspects it, and a candidate's PHP, reads the centre's proxy with its password.
                    use_config_proxy=False,
                )["Id"]
            )

    def start(self, container: str, stdin: bytes | None = None) -> None:
        """See Engine."""
        with translated("Démarrage"):
            if stdin is not None:
                self._start_with_input(container, stdin)
                return
            self._change_restart(container, "unless-stopped", "always")
            try:
                self._api.start(container)
            except docker.errors.APIError as error:
                if not Wording.OLD_ENDPOINT.explains(error):
                    raise
                self._remove_old_endpoints(container)
                self._api.start(container)

    def bound_processors(self, container: str, limits: Limits) -> None:
        """See Engine."""
        machine = self._machine
        if not machine.processors:
            return
        most = max(_LEAST_PROCESSORS, machine.processors * limits.processors)
        with translated("Processeur d'un conteneur"):
            self._api.update_container(container, cpu_period=_PERIOD, cpu_quota=int(_PERIOD * most))

    def stop(self, container: str, seconds: int = 10, *, for_good: bool = True) -> None:
        """See Engine."""
        with translated("Arrêt"), suppress(docker.errors.NotFound):
            self._api.stop(container, timeout=seconds)
            if for_good:
                self._change_restart(container, "always", "unless-stopped")

    def commit(self, container: str, tag: str | None, labels: Mapping[str, str], changes: Sequence[str] = ()) -> str:
        """See Engine."""
        repository, _, version = (tag or "").partition(":")
        lines = [*changes, *(f"LABEL {name}={_quoted(value)}" for name, value in labels.items())]
        with translated("Copie de l'état"):
            image = self._api.commit(
                container, repository=repository or None, tag=version or None, pause=True, changes="\n".join(lines)
            )
        return str(image["Id"])

    def rename(self, container: str, name: str) -> None:
        """See Engine."""
        with translated("Nom du conteneur"):
            self._api.rename(container, name)

    def remove(self, container: str) -> None:
        """See Engine."""
        with translated("Suppression"):
            for last in attempts():
                try:
                    self._api.remove_container(container, force=True, v=True)
                except docker.errors.NotFound:
                    return
                except docker.errors.APIError as error:
                    # 409: another command removes it. When this returns, it has to be gone.
                    if last or error.status_code != HTTPStatus.CONFLICT:
                        raise
                else:
                    return

    def containers(self, *, layers: bool = False, brief: bool = False, **labels: str) -> list[ContainerState]:
        """See Engine."""
        filters, states = label_filters(labels), []
        with translated("Liste des conteneurs"):
            for listed in self._api.containers(all=True, filters=filters):
                if brief and _is_told_by_list(listed):
                    states.append(_listed_state(listed))
                    continue
                with suppress(docker.errors.NotFound):  # removed meanwhile
                    states.append(_container_state(self._api.inspect_container(listed["Id"])))
            if layers:
                sized = self._api.containers(all=True, filters=filters, size=True)
                sizes = {listed["Id"]: listed.get("SizeRw", 0) for listed in sized}
                states = [replace(state, layer=sizes.get(state.id)) for state in states]
        return states

    def container(self, container: str) -> ContainerState:
        """See Engine."""
        with translated("Conteneur"):
            return _container_state(self._api.inspect_container(container))

    def logs(self, container: str, lines: int = 20) -> str:
        """See Engine."""
        with translated("Journal"):
            text = self._api.logs(container, tail=lines)
        return text.decode(errors="replace")

    def _bounded(self, spec: ContainerSpec) -> HostOptions:
        """What of the disk, and of processors that others want, the container may take, as far as the engine can bound it."""
        limits = spec.limits
        if limits is None or limits == Limits(limits.memory_mib, limits.processes):
            return {}
        machine, options = self._machine, HostOptions()
        if machine.weights:
            options["cpu_shares"] = limits.weight
        if limits.disk and machine.disk:
            rates, disk = limits.disk, machine.disk
            options["device_read_bps"] = [{"Path": disk, "Rate": rates.read_mib << 20}]
            options["device_write_bps"] = [{"Path": disk, "Rate": rates.write_mib << 20}]
            options["device_read_iops"] = [{"Path": disk, "Rate": rates.reads}]
            options["device_write_iops"] = [{"Path": disk, "Rate": rates.writes}]
        return options

    def _start_with_input(self, container: str, stdin: bytes) -> None:
        connection = Connection(self._api.attach_socket(container, params={"stdin": 1, "stream": 1}))
        try:
            self._api.start(container)
            connection.send(stdin)
        finally:
            connection.close()

    def _change_restart(self, container: str, before: str, after: str) -> None:
        """Change its restart policy where it is `before`; nothing while another command removes the container."""
        if self._api.inspect_container(container)["HostConfig"]["RestartPolicy"]["Name"] != before:
            return
        try:
            self._api.update_container(container, restart_policy={"Name": after})
        except docker.errors.APIError as error:
            if not Wording.BEING_REMOVED.explains(error):
                raise

    def _remove_old_endpoints(self, container: str) -> None:
        """Have Docker give up the addresses of a container that ended while the disk was full.

        It keeps them, and never starts the container again. It gives up such an address by the container's name alone,
        and only while no container has that name.
        """
        document = self._api.inspect_container(container)
        name = document["Name"].removeprefix("/")
        self._api.rename(container, name + RENAMED_SUFFIX)
        try:
            for network in document["NetworkSettings"]["Networks"]:
                with suppress(docker.errors.APIError):  # it has kept no address in this network
                    self._api.disconnect_container_from_network(name, network, force=True)
        finally:
            self._api.rename(container, name)


def _host_options(spec: ContainerSpec) -> HostOptions:
    options: HostOptions = {
        "port_bindings": dict(spec.ports),
        "extra_hosts": dict(spec.hosts),
        "security_opt": ["no-new-privileges"],
        "log_config": {"type": "json-file", "config": {"max-size": "8m", "max-file": "2"}},
    }
    if spec.limits:
        options["mem_limit"] = options["memswap_limit"] = f"{spec.limits.memory_mib}m"
        options["pids_limit"] = spec.limits.processes
    if spec.capabilities is not None:
        options["cap_drop"], options["cap_add"] = ["ALL"], list(spec.capabilities)
    if spec.restart:
        # "unless-stopped" from `stop` to `start` only. An engine that was killed stops the containers that it finds
        # running, and takes that for a person's wish: with "unless-stopped" they would not run again. With "always", a
        # container that was stopped would run again when the engine starts.
        options["restart_policy"] = {"Name": "always"}
    if spec.sysctls:
        options["sysctls"] = dict(spec.sysctls)
    if spec.host_network:
        options["network_mode"] = "host"
        if spec.host_processes:
            options["pid_mode"] = "host"
    elif spec.join:
        options["network_mode"] = spec.join.network
    elif not spec.internet:
        options["network_mode"] = "none"
    if spec.dns and (spec.join or spec.internet):
        options["dns"] = list(spec.dns)
    return options


def _exposed(port: int | str) -> int | tuple[str, ...]:
    return port if isinstance(port, int) else tuple(port.split("/"))


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$") + '"'


def _container_state(container: Container) -> ContainerState:
    state = container["State"]
    return ContainerState(
        id=container["Id"],
        name=container["Name"].lstrip("/"),
        image=container["Image"],
        labels=container["Config"]["Labels"] or {},
        state=state["Status"],
        health=_health(state.get("Health") or {}),
        created=container["Created"],
        started=not state["StartedAt"].startswith("0001"),
        pid=state["Pid"],
        networks=_addresses(container),
        restarts=container["RestartCount"],
    )


def _is_told_by_list(container: ListedContainer) -> bool:
    """Whether the list says enough: a container that is being renamed has two names there, a removed one may have none.

    And of one that is being removed, the list does not say whether it ever ran.
    """
    return len(container["Names"]) == 1 and container["State"] not in ("dead", "removing")


def _listed_state(container: ListedContainer) -> ContainerState:
    return ContainerState(
        id=container["Id"],
        name=container["Names"][0].lstrip("/"),
        image=container["ImageID"],
        labels=container["Labels"] or {},
        state=container["State"],
        health="",
        created=datetime.fromtimestamp(container["Created"], UTC).isoformat(),
        started=container["State"] != "created",
        pid=0,
        networks=_addresses(container),
        restarts=0,
    )


def _addresses(container: Container | ListedContainer) -> dict[str, str]:
    return {name: _address(endpoint) for name, endpoint in container["NetworkSettings"]["Networks"].items()}


def _address(endpoint: Endpoint) -> str:
    """The address that a container has in a network or, while it is stopped or restarts, that it will have again."""
    return str(endpoint.get("IPAddress") or (endpoint.get("IPAMConfig") or {}).get("IPv4Address") or "")


def _health(health: Health) -> str:
    """Docker's word for it, or "full" once the station's own health check says that it stopped for want of room."""
    probes, status = health.get("Log") or [{}], str(health.get("Status", ""))
    if probes[-1].get("Output", "").startswith("full"):
        return "full"
    # Docker calls a container that was paused, as while it is copied, unhealthy until the next health check.
    return "healthy" if status == "unhealthy" and health.get("FailingStreak") == 0 else status
