"""What the company's site holds when the work begins, as far as the site itself doesn't tell it afterwards."""

from collections.abc import Mapping
from functools import cache

from checks.wordpress.pages import Kind
from provisioner.config import ROOT, read_toml


def others_of_its_author(kind: Kind, slug: str) -> frozenset[str]:
    """The slugs of that kind that have the same author as this one at first; none where contexts disagree."""
    found = [authors for authors in _authors(kind) if slug in authors]
    if len(found) != 1:
        return frozenset()
    return frozenset(one for one, author in found[0].items() if author == found[0][slug] and one != slug)


@cache
def _authors(kind: Kind) -> tuple[Mapping[str, str], ...]:
    """Of each context, who wrote what; seed.php gives what has no author to the candidate."""
    seeds = (read_toml(path) for path in sorted((ROOT / "scenarios").glob("*/wordpress/seed.toml")))
    return tuple({row["slug"]: row.get("author", "candidat") for row in seed.get(f"{kind}s", [])} for seed in seeds)
