"""What stations run on comes from any mirror that has it."""

from provisioner.build.bases import build_on_debian
from provisioner.core.progress import Quiet
from provisioner.engine.protocol import ContainerSpec, Engine
from provisioner.host.editions import stack_named
from provisioner.host.paths import ROOT
from provisioner.host.settings import Settings


class Told(Quiet):
    """Refuses to hear that another mirror takes the place of this one."""

    def step(self, text: str) -> None:
        assert "prend sa place" not in text


def mirror_of(engine: Engine, base: str) -> str:
    """Where a base's packages come from. Its security updates don't: what they brought is newer than what is there."""
    never_run = ContainerSpec(name="e5b-essai-miroir", image=base, labels={"e5b.kind": "essai"}, entrypoint=("true",))
    container = engine.create(never_run)
    try:
        lines = (engine.get(container, "/etc/apt/sources.list") or b"").decode().splitlines()
    finally:
        engine.remove(container)
    return next(line.split()[1] for line in lines if line.startswith("deb ") and "security" not in line)


def test_a_mirror_that_is_older_than_the_root_will_do(engine: Engine) -> None:
    stack, tag = stack_named("prestashop-2024"), "e5b/essai-miroir:latest"
    folder = ROOT / "stacks" / stack.cms
    context = {"Dockerfile": folder / "Dockerfile", "files": folder / "files", "base": ROOT / "stacks/base/files"}

    def build(base: str) -> str:
        return engine.build(context, tag, {"BASE": base}, {"e5b.kind": "essai"}, lambda _: None)

    mirror = build_on_debian(engine, stack.suite, Settings(), Quiet(), lambda base: mirror_of(engine, base))
    try:
        assert engine.image(
            build_on_debian(engine, stack.suite, Settings(debian_mirrors={stack.suite: mirror}), Told(), build)
        )
    finally:
        engine.remove_image(tag)
