"""What the checks of a content have in common: how it is named, and what is said when it isn't there."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Annotated

from pydantic import Field

from checks.wordpress import naming, reading
from checks.wordpress.reading import Content
from provisioner.check import Finding, Refers, Site, Verdict

#: The content that a check is about.
Target = Annotated[
    str,
    Refers("pages.slug", "posts.slug"),
    Field(
        min_length=1, description="L’identifiant (slug) du contenu, ou le titre de celui que la question fait créer."
    ),
]
_ORDER = (Verdict.MET, Verdict.TO_JUDGE, Verdict.NOT_MET)


def worst(verdicts: Sequence[Verdict]) -> Verdict:
    """The worst of verdicts that are met, to judge or not met."""
    return max(verdicts, key=_ORDER.index, default=Verdict.NOT_MET)


def best(verdicts: Sequence[Verdict]) -> Verdict:
    """The best of them."""
    return min(verdicts, key=_ORDER.index, default=Verdict.NOT_MET)


def absent(site: Site, facts: Sequence[str], expected: str) -> list[Finding]:
    """The findings of a content that the site doesn't have."""
    site.visit("/")
    shot = site.shot("le site")
    return [Finding(one, Verdict.NOT_MET, expected, "ce contenu n’existe pas", (shot,)) for one in facts]


def looked(site: Site, name: str, look: Callable[[Site, Content | None], list[Finding]]) -> list[Finding]:
    """What `look` finds in the content of this slug or title; where several may be meant, see `merged`."""
    contents: list[Content | None] = [*naming.alike(reading.contents(site), name, site.taken_at)]
    return merged([still_shown(site, one, look(site, one)) for one in contents or [None]])


def still_shown(site: Site, content: Content | None, found: Sequence[Finding]) -> Sequence[Finding]:
    """The findings; what is done in a content that everybody could read, and can no longer, is a person's to judge."""
    if content is None or not content.seeded or content.public(site.taken_at):
        return found
    return [
        replace(one, verdict=Verdict.TO_JUDGE, observed=f"{one.observed} ; à lire : il se voyait au départ")
        if one.verdict is Verdict.MET
        else one
        for one in found
    ]


def merged(looks: Sequence[Sequence[Finding]]) -> list[Finding]:
    """The findings of the best of several contents that are alike; what only another has is a person's to judge."""
    wrong = [sum(_ORDER.index(one.verdict) ** 2 for one in look) for look in looks]
    first = looks[wrong.index(min(wrong))]
    found = []
    for place, one in enumerate(first):
        other = min((look[place] for look in looks), key=lambda seen: _ORDER.index(seen.verdict))
        if one.verdict is Verdict.NOT_MET and other.verdict is not Verdict.NOT_MET:
            observed = f"{one.observed} ; à lire, dans un autre contenu du même titre : {other.observed}"
            one = replace(one, verdict=Verdict.TO_JUDGE, observed=observed, evidence=(*one.evidence, *other.evidence))
        found.append(one)
    return found
