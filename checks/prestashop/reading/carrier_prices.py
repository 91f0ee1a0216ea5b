"""What delivery costs step by step, and the delay that a carrier announces, against what is asked."""

import re
from collections.abc import Mapping
from decimal import Decimal

from provisioner.french.text import holds, nearly_holds, nearly_same, same
from provisioner.subject.check import Verdict

#: From where to where: of a weight, or of a price.
Step = tuple[Decimal, Decimal]
#: What some leave between two steps, lest they overlap.
_GAP = Decimal("0.01")
#: To how many kilograms or euros a step goes that has room for any cart.
ANY_CART = Decimal(1000)


def announced(wanted: str, seen: str) -> Verdict:
    """Whether a delay is announced, with words around it or not; a slip, other words or other figures beside are for a person."""
    if same(wanted, seen) or (holds(seen, wanted) and re.findall(r"\d+", wanted) == re.findall(r"\d+", seen)):
        return Verdict.MET
    return Verdict.TO_JUDGE if nearly_same(wanted, seen) or nearly_holds(seen, wanted) else Verdict.NOT_MET


def flat(steps: Mapping[Step, Decimal]) -> Decimal | None:
    """What every delivery costs, where there is one step that has room for any cart."""
    [((start, end), fee), *others] = steps.items() or [((Decimal(0), Decimal(0)), Decimal(0))]
    return None if others or start or end < ANY_CART else fee


def joined(steps: Mapping[Step, Decimal]) -> dict[Step, Decimal]:
    """The steps as customers pay them: those that touch and cost the same are one."""
    found: dict[Step, Decimal] = {}
    for (start, end), fee in sorted(steps.items()):
        last = next(reversed(found), None)
        if last is not None and last[0] < last[1] == start < end and found[last] == fee:
            del found[last]
            start = last[0]
        found[start, end] = fee
    return found


def touching(steps: Mapping[Step, Decimal], wanted: Mapping[Step, Decimal]) -> dict[Step, Decimal]:
    """The steps without the hundredth that some leave between two: to 4.99, then from 5."""
    bounds = {bound for step in wanted for bound in step}

    def meant(bound: Decimal) -> Decimal:
        return next((one for one in bounds if abs(one - bound) <= _GAP), bound)

    return {(meant(start), meant(end)): fee for (start, end), fee in steps.items()}
