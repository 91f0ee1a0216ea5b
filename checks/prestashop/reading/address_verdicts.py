"""Whether a customer's postal address is the one that is asked, each part in its field."""

import re
from collections.abc import Sequence

from checks.prestashop.reading.customer_sheets import Address
from checks.prestashop.reading.product_verdicts import RANKS, worst
from provisioner.french.text import holds, nearly_holds, nearly_same
from provisioner.subject.check import Verdict


def of_several(
    wanted: Sequence[str], phone: str, addresses: Sequence[Address], before: Address | None
) -> tuple[Verdict, bool]:
    """The verdict on a customer's best address, and whether the one that he had `before` still stands beside it.

    Then a person says: an order may go to either.
    """
    each = [(addressed(wanted, phone, one, before), one) for one in addresses]
    ranked = sorted(each, key=lambda one: RANKS.index(one[0]), reverse=True)
    verdict = ranked[0][0] if ranked else Verdict.NOT_MET
    left = any(of is not Verdict.MET and _is(one, before) for of, one in ranked[1:])
    if left and verdict is not Verdict.NOT_MET:
        return Verdict.TO_JUDGE, True
    return verdict, False


def _is(address: Address, before: Address | None) -> bool:
    """Whether an address is the one of before, its telephone and its second line aside."""
    return before is not None and all(
        holds(getattr(address, field), getattr(before, field)) for field in ("street", "postcode", "city")
    )


def addressed(wanted: Sequence[str], phone: str, address: Address, before: Address | None) -> Verdict:
    """Whether street, postcode and city (`wanted`, if any) and telephone are those of one address.

    Nothing of the address that the customer had `before` may be left in it.
    """
    called = Verdict.MET
    if phone:
        called = Verdict.MET if _digits(phone) in map(_digits, address.phones) else Verdict.NOT_MET
    if not wanted:
        return called
    old = (before.street, before.postcode, before.city) if before else ("", "", "")
    seen = (address.street, address.postcode, address.city)
    street, *rest = (_in_field(*one) for one in zip(seen, wanted, old, strict=True))
    if street is Verdict.NOT_MET and holds(address.more, wanted[0]):
        # A building's name may stand above the street; the old street may not.
        street = Verdict.NOT_MET if old[0] and holds(address.street, old[0]) else Verdict.TO_JUDGE
    return worst((street, *rest, called))


def _in_field(seen: str, wanted: str, old: str) -> Verdict:
    """Whether a field has what is asked for it; where it has what stood there before besides, a person says."""
    if holds(seen, wanted):
        left = old and holds(seen, old) and not holds(wanted, old)
        return Verdict.TO_JUDGE if left else Verdict.MET
    return Verdict.TO_JUDGE if _nearly_in(seen, wanted) else Verdict.NOT_MET


def _digits(phone: str) -> str:
    """A French telephone number by its ten figures, however it is written, as "+33 (0)6"."""
    return re.sub(r"^(?:00)?330?", "0", re.sub(r"\D", "", phone))


def _nearly_in(address: str, part: str) -> bool:
    """Whether a slip of the pen parts it from what the address has; in a short name of a town too."""
    words, long = address.split(), len(part.split())
    runs = [" ".join(words[start : start + long]) for start in range(len(words))]
    return nearly_holds(address, part) or any(nearly_same(part, run) for run in runs)
