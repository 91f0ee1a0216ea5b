"""What the checks of a content have in common: how it is named, and what is said when it isn't there."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field
from rapidfuzz import fuzz

from checks.wordpress.reading import contents, naming, seeded
from checks.wordpress.reading.answers import Kind, rest
from checks.wordpress.reading.contents import Content
from provisioner.french.text import NEARLY, fold, may_hold
from provisioner.subject.check import Finding, Refers, Site, Verdict

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


def meant(site: Site, name: str, kinds: Sequence[Kind] = ("post", "page")) -> tuple[dict[str, Any] | None, str]:
    """The post or page of this slug or title, as REST tells it to an editor, and no doubt.

    Where there is none, a public one of the candidate's that is nearly so titled, and what a person has to read of it:
    the slip costs the title's fact alone.
    """
    if item := naming.content(site, name, kinds):
        return item, ""
    found = [c for c in contents.contents(site) if c.kind in kinds and not c.seeded and c.public(site.taken_at)]
    near = naming.nearly_titled(site.company, found, name.replace("-", " "), site.taken_at)
    if near is None:
        return None, ""
    said = f"« {near.title} » est peut-être « {seeded.title_of(site.company, name)} », à un détail près"
    return rest(site, f"wp/v2/{near.kind}s/{near.id}?context=edit"), said


def doubted(found: Finding, *doubts: str) -> Finding:
    """The finding with what a person has to read of the contents it is about: it is then his to judge, if it was met."""
    if not (said := " ; ".join(filter(None, doubts))):
        return found
    verdict = Verdict.TO_JUDGE if found.verdict is Verdict.MET else found.verdict
    bare = found.observed.removesuffix(".")
    end = "." * found.observed.endswith(".")
    return replace(found, verdict=verdict, observed=f"{bare} ; à lire : {said}{end}")


def findings_of(site: Site, name: str, look: Callable[[Site, Content | None], list[Finding]]) -> list[Finding]:
    """What `look` finds in the content of this slug or title; where several may be meant, see `merged`."""
    named: list[Content | None] = [*naming.alike(site.company, contents.contents(site), name, site.taken_at)]
    return merged([still_shown(site, content, look(site, content)) for content in named or [None]])


def still_shown(site: Site, content: Content | None, found: Sequence[Finding]) -> Sequence[Finding]:
    """The findings, with what keeps a visitor from seeing the content, whose page he has just been led to.

    What is done in a content that everybody could read, and can no longer, is a person's to judge. So is what is done in
    one that is public and whose address shows something else, as that of a page that became the blog's, and what is done
    where most of the content went.
    """
    if content is None:
        return found
    if said := unseen(site, content):
        found = [replace(one, observed=f"{one.observed} ; {said}") for one in found]
    public = content.public(site.taken_at)
    e = "e" if content.kind == "page" else ""
    doubts = [f"{_this(content)} est pourtant publié{e}"] * bool(said and public)
    doubts += [f"{_this(content)} se voyait au départ"] * (content.seeded and not public)
    if all(one.verdict is not Verdict.MET for one in found):
        return found
    if content.seeded and seeded.texts_of(site.company, content.born):
        doubts.append(emptied(site.company, content, contents.lines(contents.stored_html(site, content)[1])))
    return [doubted(one, *doubts) if one.verdict is Verdict.MET else one for one in found]


def unseen(site: Site, content: Content) -> str:
    """What keeps a visitor, who was led to its address, from seeing the content, in French; empty where he sees it."""
    if not content.public(site.taken_at):
        return f"un visiteur ne voit pas {_this(content)} : {content.state(site.taken_at)}"
    if contents.in_front(site, content.id):
        return ""
    return f"un visiteur ne voit pas {_this(content)} : son adresse montre autre chose"


def _this(content: Content) -> str:
    return "cette page" if content.kind == "page" else "cet article"


def emptied(company: Path, content: Content, text: str, lacks: Sequence[str] = ()) -> str:
    """A doubt about what a content now says, if most of what the company wrote there is gone; `lacks` was to go."""
    now = fold(text)
    first = [one for one in seeded.texts_of(company, content.born) if not any(may_hold(one, old) for old in lacks)]
    gone = [one for one in first if not _nearly_in(one, now)]
    if len(first) < 2 or 2 * len(gone) <= len(first):
        return ""
    return f"{len(gone)} des {len(first)} textes que ce contenu avait au départ n’y sont plus"


def _nearly_in(one: str, text: str) -> bool:
    likeness = fuzz.partial_ratio if len(text) > len(one) else fuzz.ratio
    return one in text or likeness(one, text) >= NEARLY


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
