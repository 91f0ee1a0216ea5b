"""What only tests of the engine use."""

import pytest

from provisioner.build.stacks import gateway_image
from provisioner.core.progress import Quiet
from provisioner.engine.protocol import Engine
from provisioner.host.settings import Settings


@pytest.fixture(scope="session")
def gateway(engine: Engine) -> str:
    """The gateway's image, which has nft, perl and what else a room's door consists of."""
    return gateway_image(engine, Settings(), Quiet())
