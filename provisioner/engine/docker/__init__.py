"""Docker as the engine (see protocol.py), through docker-py. No other package imports that library.

api.py says what of the library is used, client.py connects, errors.py translates, connection.py holds the one private
access. Containers, images, networks, files and commands each have a module; DockerEngine is all of them together.
"""

from provisioner.engine.docker.commands import Commands
from provisioner.engine.docker.containers import Containers
from provisioner.engine.docker.files import Files
from provisioner.engine.docker.images import Images
from provisioner.engine.docker.networks import Networks

__all__ = ["DockerEngine"]


class DockerEngine(Containers, Commands, Files, Images, Networks):
    """Docker, through its API."""
