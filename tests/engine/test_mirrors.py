"""What stations run on comes from any mirror that has it."""

from provisioner.bases import built_on
from provisioner.config import ROOT, Settings, stack_named
from provisioner.engine import Engine
from provisioner.progress import Quiet

#: Debian's own mirror. Security updates aren't on it, and what they brought to the root is newer than what it has.
MIRROR = "http://deb.debian.org/debian"


class Told(Quiet):
    """Refuses to hear that another mirror takes the place of this one."""

    def step(self, text: str) -> None:
        assert "prend sa place" not in text


def test_a_mirror_that_is_older_than_the_root_will_do(engine: Engine) -> None:
    stack, tag = stack_named("prestashop-2024"), "e5b/essai-miroir:latest"
    folder = ROOT / "stacks" / stack.cms
    context = {"Dockerfile": folder / "Dockerfile", "files": folder / "files", "base": ROOT / "stacks/base/files"}

    def build(base: str) -> str:
        return engine.build(context, tag, {"BASE": base}, {"e5b.kind": "essai"}, lambda _: None)

    try:
        assert engine.image(
            built_on(engine, stack.suite, Settings(debian_mirrors={stack.suite: MIRROR}), Told(), build)
        )
    finally:
        engine.remove_image(tag)
