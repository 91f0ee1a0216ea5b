"""What becomes of a verdict that rests on a program which the candidate added to the site.

Nobody can tell what such a program shows to whom, so that what it changes is for a person to judge. A verdict that doesn't
depend on it stands.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from provisioner.core.model import Finding, Verdict
from provisioner.examination.additions import Additions
from provisioner.examination.recording import Recorder
from provisioner.french.text import numbered

#: How many paths a sentence names.
_NAMED = 3
_FAULTS = (Verdict.BLOCKED, Verdict.BROKEN)


@dataclass(frozen=True)
class Look:
    """What a check found; `late` when it had to be stopped, `at` the path of the page where it was then.

    `withheld` are the pages from which something was withheld for it; `kept` has what it asked, where all was answered.
    """

    findings: list[Finding]
    late: bool = False
    at: str = ""
    withheld: tuple[str, ...] = ()
    kept: Recorder | None = None


def compared(whole: Look, without: Look | None) -> Look:
    """What a check found in the pages as they are, weighed against what it found `without` the programs that were added.

    They are compared whatever was seen to be withheld: a browser also refuses programs that aren't looked for in a page, such as
    addresses that are programs. Without a second look, nothing that is met can be said of the site as its programs alone show it.
    """
    if without is None:
        return replace(whole, findings=[_weighed(finding, None, ()) for finding in whole.findings])
    if whole.late and not without.late:
        return replace(without, findings=[_without_end(finding, whole.at) for finding in without.findings])
    by_fact = {finding.fact: finding for finding in without.findings}
    weighed = [_weighed(finding, by_fact.get(finding.fact), without.withheld) for finding in whole.findings]
    return replace(whole, findings=weighed)


def doubted(findings: Sequence[Finding], additions: Additions) -> list[Finding]:
    """The findings, where what is met may come from files that the candidate changed, or from programs of the database."""
    why = []
    if additions.unread:
        why.append("Les programmes du site n’ont pas pu être comparés à ceux du site de départ")
    if additions.files:
        count = numbered(len(additions.files), "fichier")
        why.append(f"Le programme du site n’est plus celui de départ ({count} : {_named(additions.files)})")
    if additions.in_database:
        why.append(f"La base de données du site répond par des programmes ({_named(additions.in_database)})")
    if not why:
        return list(findings)
    sentence = f"{'. '.join(why)} : ce que le site montre peut en venir."
    return [
        replace(finding, verdict=Verdict.TO_JUDGE, observed=_also(finding.observed, sentence))
        if finding.verdict is Verdict.MET
        else finding
        for finding in findings
    ]


def _without_end(finding: Finding, path: str) -> Finding:
    page = f"la page {_short(path)}" if path else "une page"
    sentence = f"Un programme de {page} ne finit jamais et retient le navigateur : ce point a été lu sans les programmes ajoutés."
    verdict = Verdict.TO_JUDGE if finding.verdict is Verdict.MET else finding.verdict
    return replace(finding, verdict=verdict, observed=_also(finding.observed, sentence))


def _weighed(whole: Finding, without: Finding | None, pages: Sequence[str]) -> Finding:
    place = f"La page {_short(pages[0])} contient" if len(pages) == 1 else f"Les pages {_named(pages)} contiennent"
    adds = f"{place if pages else 'Le site contient'} un programme ajouté"
    if whole.verdict is Verdict.BLOCKED:
        return whole
    if without is None or without.verdict in _FAULTS:
        if whole.verdict is not Verdict.MET:
            return whole
        sentence = f"{adds}, sans lequel ce point n’a pas pu être lu."
        return replace(whole, verdict=Verdict.TO_JUDGE, observed=_also(whole.observed, sentence))
    if whole.verdict is Verdict.BROKEN:
        sentence = f"{adds} qui a arrêté le contrôle : ce point a été lu sans lui."
        verdict = Verdict.TO_JUDGE if without.verdict is Verdict.MET else without.verdict
        return replace(without, verdict=verdict, observed=_also(without.observed, sentence))
    same = whole.verdict is without.verdict
    if same and (whole.verdict is not Verdict.TO_JUDGE or whole.observed == without.observed):
        return whole
    sentence = f"{adds} qui change ce qui est montré. Sans lui : {without.observed}"
    evidence = tuple(dict.fromkeys((*whole.evidence, *without.evidence)))
    return replace(whole, verdict=Verdict.TO_JUDGE, observed=_also(whole.observed, sentence), evidence=evidence)


def _also(observed: str, sentence: str) -> str:
    observed = observed.strip()
    if observed and observed[-1] not in ".!?…":
        observed += "."
    return f"{observed} {sentence}".strip()


def _short(path: str) -> str:
    """A path as a sentence names it: a shop's back office adds an examiner's token to its addresses."""
    return (path.partition("?")[0] if "token=" in path else path)[:100]


def _named(paths: Sequence[str]) -> str:
    named = ", ".join(map(_short, paths[:_NAMED]))
    return named if len(paths) <= _NAMED else f"{named}…"
