"""What the ledgers of the repository prove is so today: nothing is outdated, and no step is missing.

Where this fails: `./e5b prove --ledger` says what it is, `./e5b prove --stack STACK --changed` proves it, and
`python -m provisioner.subject.guide >docs/auteur.md` has the author's guide say so.
"""

from pathlib import Path

import pytest

from provisioner.host.editions import load_stacks, stack_named
from provisioner.proof.altered import unlike
from provisioner.proof.ledger import Standings
from provisioner.proof.ledger_count import edition_standings
from provisioner.subject.ledger_file import editions_with_ledger, ledger_path, read_ledger


def test_no_proof_of_an_official_edition_is_outdated_or_missing(tmp_path: Path) -> None:
    # What could not be tried says so on its image, and `functions` that nothing of it is proven.
    left, official = {}, [stack.id for stack in load_stacks().values() if stack.official and not stack.untried]
    with_ledger = [stack for stack in editions_with_ledger() if stack_named(stack).official]
    for stack in map(stack_named, sorted({*official, *with_ledger})):
        counted = edition_standings(Standings(stack, "", tmp_path))
        if counted["outdated"] or counted["missing"]:
            left[stack.id] = [check for check in counted["checks"] if check["outdated"] or check["missing"]]
    assert left == {}


@pytest.mark.parametrize("cms", sorted({stack.cms for stack in load_stacks().values()}))
def test_each_row_on_alterations_is_of_a_state_that_was_verified(cms: str) -> None:
    editions = [stack.id for stack in load_stacks().values() if stack.cms == cms and stack.official]
    lines = [line for stack in editions for line in read_ledger(ledger_path(stack)).steps.values()]
    states = [(line.check, state) for line in lines for state in line.states]
    left = [
        (row.check, row.state)
        for row in unlike(cms)
        if row.harmful is not None
        and not any(
            check == row.check and row.names(state.name) and state.harmful == row.harmful for check, state in states
        )
    ]
    assert left == []


@pytest.mark.parametrize("stack", ["wordpress-2024"])
def test_without_a_ledger_every_step_is_missing(tmp_path: Path, stack: str) -> None:
    counted = edition_standings(Standings(stack_named(stack), "", tmp_path, tmp_path))
    assert counted["missing"] == counted["steps"] > 0
