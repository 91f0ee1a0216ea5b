"""What only tests of the engine use."""

import pytest

from provisioner.config import Settings
from provisioner.engine import Engine
from provisioner.progress import Quiet
from provisioner.stacks import gateway_image


@pytest.fixture(scope="session")
def gateway(engine: Engine) -> str:
    """The gateway's image, which has nft, perl and what else a room's door consists of."""
    return gateway_image(engine, Settings(), Quiet())
