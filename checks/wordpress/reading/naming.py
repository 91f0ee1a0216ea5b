"""What a name means: which of the site's contents by its slug or title, and whose account by its login or owner."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz

from checks.wordpress.reading import contents, seeded
from checks.wordpress.reading.answers import Kind, rest
from checks.wordpress.reading.contents import Content
from provisioner.french.text import NEARLY, fold, holds, plainly, same, slug_of
from provisioner.subject.check import Site


def titled(found: Iterable[Content], title: str, kind: Kind, moment: datetime) -> list[Content]:
    """Those that carry the title, the best first: public and of the right kind, then public, then the rest."""
    named = [c for c in found if same(title, c.title)]
    return sorted(
        named,
        key=lambda c: (
            not (c.public(moment) and c.kind == kind),
            not c.public(moment),
            c.kind != kind,
            c.status == "trash",
        ),
    )


def named(
    company: Path, found: Sequence[Content], name: str, moment: datetime, kinds: Sequence[Kind] = ("post", "page")
) -> Content | None:
    """The one of this slug or title, the bin left out: public before not, then by slug; else one nearly so titled."""
    return next(iter(alike(company, found, name, moment, kinds)), None)


def alike(
    company: Path, found: Sequence[Content], name: str, moment: datetime, kinds: Sequence[Kind] = ("post", "page")
) -> list[Content]:
    """The one that `named` gives, and after it the other public ones of its title: any may be what was asked for.

    A slug that a public content has, or had when the work began, names that one alone: another of its title is not the
    one to work on. A draft that was begun and left hides no public one that the candidate nearly so titled.
    """
    fit = _fit(company, found, name, moment, kinds)
    if fit and name in (fit[0].born, fit[0].slug):
        return fit[:1]
    if shown := [c for c in fit if c.public(moment)]:
        return shown
    alive = [c for c in found if c.kind in kinds and c.status != "trash"]
    instead = [c for c in alive if c.public(moment) and not c.seeded] if fit else alive
    near = nearly_titled(company, instead, name, moment) if re.search(r"[^a-z0-9-]", name) else None
    return fit[:1] + ([near] if near else [])


def exactly(
    company: Path, found: Sequence[Content], name: str, moment: datetime, kinds: Sequence[Kind] = ("post", "page")
) -> Content | None:
    """As `named`, but of no other title."""
    return next(iter(_fit(company, found, name, moment, kinds)), None)


def _fit(company: Path, found: Sequence[Content], name: str, moment: datetime, kinds: Sequence[Kind]) -> list[Content]:
    """Those of this slug or title. The seed's own comes first: pages under other parents may have its slug.

    What the candidate made is known by the slug that its title gives, too: the one that it has is of its first title,
    or has a number behind it, and what was never published has none yet.
    """
    # Another that has its title is not it, were it a draft's or deleted for good.
    theirs = any(c.born == name for c in found) or any(seeded.slugged_so(company, kind, name) for kind in kinds)
    fit = [
        c
        for c in found
        if c.kind in kinds
        and c.status != "trash"
        and (name in (c.slug, c.born) or same(name, c.title) or (not (theirs or c.seeded) and slug_of(c.title) == name))
    ]
    return sorted(fit, key=lambda c: (not c.public(moment), c.born != name, c.slug != name))


def nearly_titled(company: Path, found: Iterable[Content], title: str, moment: datetime) -> Content | None:
    """The one whose title is so close that a person has to say whether it will do: a public one before others.

    What still has the title that the company gave it is a neighbour.
    """
    near = [
        (c.public(moment), close, c)
        for c in found
        if not seeded.titled_so(company, c.kind, c.title) and (close := _closeness(title, c.title)) >= NEARLY
    ]
    return max(near, key=lambda one: one[:2], default=(False, 0.0, None))[2]


def _closeness(wanted: str, seen: str) -> float:
    """Of a hundred; a longer title ("…, le 15 juin") and one with most of the words that tell are close enough."""
    if holds(seen, wanted) and len(fold(wanted)) > len(fold(seen)) / 2:
        return 100.0
    telling, theirs = _telling(wanted), _telling(seen)
    shared = [word for word in telling if any(fuzz.ratio(word, other) >= NEARLY for other in theirs)]
    most = len(shared) >= 2 and 3 * len(shared) >= 2 * len(telling)
    return max(fuzz.ratio(fold(wanted), fold(seen)), NEARLY if most else 0.0)


def _telling(title: str) -> list[str]:
    return [word for word in re.findall(r"\w+", fold(title)) if len(word) > 3]


def content(site: Site, slug: str, kinds: Sequence[Kind] = ("post", "page")) -> dict[str, Any] | None:
    """The post or page of this slug or title, whatever its status but the bin, as REST tells it to an editor."""
    found = exactly(site.company, contents.contents(site), slug, site.taken_at, kinds)
    return rest(site, f"wp/v2/{found.kind}s/{found.id}?context=edit") if found else None


def is_login(wanted: str, login: str) -> bool:
    """Whether it is this account's, which an author may also have called by the name of its owner."""
    if re.fullmatch(r"[\w.@-]+", wanted):
        return wanted.casefold() == login.casefold()
    return plainly(wanted) == plainly(login)
