"""The base images among e5b's needs: the Debian root file systems that golden images are built on.

Where mmdebstrap can build them, nothing else is needed; else they may be carried from another machine, or pulled.
"""

from provisioner.build.bases import root_images
from provisioner.core.progress import Progress
from provisioner.doctor.container_engine import docker, look_at_engine
from provisioner.doctor.need import Observation, apt
from provisioner.host.editions import load_stacks
from provisioner.host.machine import INSTALL, CannotFix, apt_install, is_root, which

#: uidmap lets an ordinary user build them; root doesn't need it.
PACKAGES = ("mmdebstrap", "debian-archive-keyring", "uidmap")


def look_at_bases() -> Observation:
    """Whether they can be built here, or are here already."""
    if which("mmdebstrap") and (is_root() or which("newuidmap")):
        return Observation(True, "mmdebstrap les construit")
    images = _images_here()
    if all(images.values()):  # built here before, pulled, or carried from another machine
        return Observation(True, ", ".join(images.values()))
    lacking = "newuidmap, qu'il faut à mmdebstrap" if which("mmdebstrap") else "mmdebstrap"
    without = " et ".join(suite for suite, image in images.items() if not image)
    return Observation(False, f"ni {lacking}, ni image de Debian {without}", apt(*PACKAGES))


def install_bases(progress: Progress) -> None:
    """Install mmdebstrap, or pull the images that are missing where nothing can be installed."""
    try:
        apt_install(progress, *PACKAGES)
    except CannotFix:
        if not look_at_engine().ok:
            raise
        for image in [root_images(suite)[1] for suite, here in _images_here().items() if not here]:
            progress.step(f"Téléchargement de {image}")
            if docker("pull", image, deadline=INSTALL).returncode:
                raise  # apt's error rather than Docker's: most machines can't pull


def _images_here() -> dict[str, str]:
    """For each Debian suite that a stack is built on, its image on this machine; empty when there is none."""
    suites = {stack.suite for stack in load_stacks().values()}
    here = {
        image for suite in suites for image in root_images(suite) if docker("image", "inspect", image).returncode == 0
    }
    return {suite: next(filter(here.__contains__, root_images(suite)), "") for suite in sorted(suites)}
