"""The fictitious companies that sites are seeded with: each folder of `scenarios/` that has a `context.toml`."""

from functools import cache
from pathlib import Path

from provisioner.host.paths import ROOT

SCENARIOS = ROOT / "scenarios"
#: The company that an edition has under its own name, and with which the checks are proven.
HOME = "biscuiterie"


@cache
def other_companies(scenarios: Path = SCENARIOS) -> tuple[str, ...]:
    """The names of the companies beside the home one, in the order of the alphabet."""
    return tuple(sorted({file.parent.name for file in scenarios.glob("*/context.toml")} - {HOME}))


def company_folder(company: str) -> Path:
    """Where the content of a company is."""
    return SCENARIOS / company
