"""Verdicts on a product's sheet, one function per fact: what was wanted against what the shop shows."""

from collections.abc import Container, Iterable, Sequence
from pathlib import Path

from rapidfuzz import fuzz

from checks.prestashop.reading import seeded
from checks.prestashop.reading.naming import addressed, may_mean
from checks.prestashop.reading.seeded import chosen
from checks.prestashop.reading.shop import Product
from checks.prestashop.reading.variants import Variant
from checks.prestashop.reading.wording import denials
from checks.visibility import as_seen
from provisioner.french.text import fold, holds, nearly_holds, nearly_same, numbered, quoted, same
from provisioner.subject.check import Verdict
from provisioner.subject.functionalities import fact

NAME = fact("prestashop.contenu.produit", "nom")
TEXTS = fact("prestashop.contenu.produit", "récapitulatif et description")
PRICE = fact("prestashop.contenu.produit", "prix et TVA")
STOCK = fact("prestashop.contenu.produit", "stock")
WHEN_OUT = fact("prestashop.contenu.produit", "commande en rupture")
CARRIER = fact("prestashop.contenu.produit", "transporteur")
WEB_ONLY = fact("prestashop.contenu.produit", "exclusivité web")
CATEGORY = fact("prestashop.contenu.rattachement", "rattaché")
DEFAULT_CATEGORY = fact("prestashop.contenu.rattachement", "catégorie par défaut")
COMBINATIONS = fact("prestashop.contenu.declinaisons", "combinaisons demandées")
QUANTITIES = fact("prestashop.contenu.declinaisons", "quantité par déclinaison")
IMPACT_TTC = fact("prestashop.contenu.impacts-prix", "impact TTC")
IMPACT_HT = fact("prestashop.contenu.impacts-prix", "impact HT")
ASSOCIATED = fact("prestashop.contenu.produits-associes", "produit associé")
ONLINE = fact("prestashop.contenu.mise-en-ligne", "en ligne")
OFFLINE = fact("prestashop.contenu.mise-en-ligne", "hors ligne")
BRAND = fact("prestashop.contenu.marque", "marque liée à un produit")
TITLE = fact("prestashop.referencement.produit", "balise titre")
META = fact("prestashop.referencement.produit", "méta-description")
KEYWORDS = fact("prestashop.referencement.produit", "mot-clé")

#: Verdict, expected, observed.
Judged = tuple[Verdict, str, str]

#: How much of a text must be right for a person to be asked, where the whole text is given word for word.
_SLIP = 95
#: By how many characters two honest counts of a text may differ.
_MARGIN = 5
_MET, _NOT_MET, _TO_JUDGE = Verdict.MET, Verdict.NOT_MET, Verdict.TO_JUDGE

#: Why a person has to say of a stock that some of the day's orders would explain, but not all.
SOME_ORDERS = "Une partie de ces commandes a pu être passée avant la saisie du stock, ou annulée."

#: From the worst to the best.
RANKS = (_NOT_MET, _TO_JUDGE, _MET)


def best(verdicts: Iterable[Verdict]) -> Verdict:
    """The best of them; not met where there is none."""
    known = set(verdicts)
    return next((one for one in (_MET, _TO_JUDGE) if one in known), _NOT_MET)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The worst of them; met where there is none."""
    known = set(verdicts)
    return next((one for one in (_NOT_MET, _TO_JUDGE) if one in known), _MET)


def likeness(wanted: str, seen: Iterable[str]) -> Verdict:
    """Whether a name is among those seen; one that is a slip of the pen away is for a person to judge."""
    return best(_MET if same(wanted, one) else _TO_JUDGE if nearly_same(wanted, one) else _NOT_MET for one in seen)


def name(company: Path, wanted: str, seen: Product, new: bool = False) -> Judged:
    """Exactly the name, but for what never counts; nearly the name is for a person to say.

    So is a product of the company's that was given the name of a `new` one.
    """
    verdict = _MET if same(wanted, seen.name) else _TO_JUDGE if may_mean(wanted, seen.name) else _NOT_MET
    observed = f"Le produit s’appelle « {seen.name} »."
    if new and seeded.written_over(company, "products", seen.id, seen.name):
        verdict, observed = worst([verdict, _TO_JUDGE]), f"{observed} C’est un produit de l’entreprise, réécrit."
    return verdict, f"Le produit s’appelle « {wanted} ».", observed


def texts(characters: tuple[int, int] | None, elements: Sequence[str], seen: Product) -> Judged:
    """Both texts of the right length, counted with spaces, and the elements in one or the other."""
    wanted, verdict = [], _MET
    if characters:
        least, most = characters
        between = f"{most} caractères" if least == most else f"de {least} à {most} caractères"
        wanted.append(f"le récapitulatif et la description ont chacun {between}")
        verdict = worst(_length(text, least, most) for text in (seen.summary, seen.description))
    both = f"{seen.summary}\n{seen.description}"
    lacking = [element for element in elements if not holds(both, element)]
    if elements:
        wanted.append(f"les textes contiennent {quoted(elements)}")
    if lacking:
        nearly = all(nearly_holds(both, element) for element in lacking)
        verdict = _TO_JUDGE if nearly and verdict is not _NOT_MET else _NOT_MET
    said = [f"récapitulatif de {_counted(seen.summary, *characters)}"] if characters else []
    said += [f"description de {_counted(seen.description, *characters)}"] if characters else []
    observed = ", ".join(said)
    if elements:
        held = f"il manque {quoted(lacking)}" if lacking else "les textes contiennent ce qui est demandé"
        observed += f" ; {held}" if observed else held
    if unread := [why for element in elements if (why := seen.texts.why_unread(element))]:
        verdict = worst([verdict, *(as_seen(_MET, why) for why in unread)])
        observed += f" ; un visiteur ne lit pas tous ces textes : {', '.join(dict.fromkeys(unread))}"
    if unclear := denials(both, elements):
        verdict = worst([verdict, _TO_JUDGE])
        observed += f" ; à lire, ce qui peut dire autre chose : {quoted(unclear)}"
    return verdict, sentence(", et ".join(wanted)), sentence(observed)


def _counted(text: str, least: int, most: int) -> str:
    """How long a text is, by the count that speaks for it; without its spaces too, where that count alone is right."""
    counts = _counts(text)
    count = next((one for one in counts if least <= one <= most), counts[0])
    bare = len("".join(text.split()))
    spaces = f" ({bare} sans les espaces)" if not least <= count <= most and least <= bare <= most else ""
    return numbered(count, "caractère") + spaces


def _counts(text: str) -> tuple[int, int]:
    """With the ends of lines, and without: the shop's own editor counts none, others do."""
    return len(text), len(text.replace("\n", ""))


def _length(text: str, least: int, most: int) -> Verdict:
    """Nearly right, or right only without the spaces, is for a person: editors count in more than one way."""
    if any(least <= count <= most for count in _counts(text)):
        return _MET
    nearly = least - _MARGIN <= len(text) <= most + _MARGIN
    return _TO_JUDGE if nearly or least <= len("".join(text.split())) <= most else _NOT_MET


def quantity_verdict(wanted: int | None, one: Variant | Product) -> Verdict:
    """Whether there is that much of it; what was ordered on that day, to try the shop, counts as if it were there."""
    if wanted in (one.quantity, one.quantity + one.sold):
        return _MET
    # Some of the orders may have come after it was set, or have been cancelled.
    return _TO_JUDGE if wanted is not None and one.quantity < wanted < one.quantity + one.sold else _NOT_MET


def stock_in_words(one: Variant | Product) -> str:
    """How much there is of it, and what was ordered on that day."""
    sold = f"{numbered(one.sold, 'exemplaire commandé', 'exemplaires commandés')} le jour de l’épreuve"
    return f"{one.quantity}" + (f" (après {sold})" if one.sold else "")


def stock(wanted: int, seen: Product) -> Judged:
    """The stock of a product without variants, with what was ordered on that day."""
    verdict, observed = quantity_verdict(wanted, seen), f"Le stock est de {stock_in_words(seen)}."
    if seen.recounted and verdict is _NOT_MET:
        why = "Ce pack prend ses produits dans le stock : la boutique a pu changer elle-même le nombre saisi."
        verdict, observed = _TO_JUDGE, f"{observed} {why}"
    elif verdict is _TO_JUDGE:
        observed = f"{observed} {SOME_ORDERS}"
    return verdict, f"Le stock est de {wanted}.", observed


def yes_or_no(wanted: bool, seen: bool, yes: str, no: str) -> Judged:
    """One of two states."""
    return _if(seen == wanted), f"{yes if wanted else no}.", f"{yes if seen else no}."


def online(wanted: bool, seen: Product) -> Judged:
    """Whether a visitor sees it; where only its address shows it, a person says which of both that is."""
    yes, no = "Un visiteur voit le produit", "Un visiteur ne voit pas le produit"
    verdict, expected, observed = yes_or_no(wanted, seen.online, yes, no)
    if seen.online and seen.hidden:
        return _TO_JUDGE, expected, f"{yes} à son adresse, mais ni dans le catalogue ni dans la recherche."
    return verdict, expected, observed


def exactly(wanted: Sequence[str], seen: Sequence[str], what: str, none: str, listed: Container[str] = ()) -> Judged:
    """These names and no others; those that are `listed` (folded) were chosen, not typed, so no slip of the pen."""
    verdict = _these(wanted, seen, listed, others=False)
    return verdict, f"{what} : {quoted(wanted)}, et aucun autre.", f"{what} : {quoted(seen)}." if seen else f"{none}."


def among(wanted: Sequence[str], seen: Sequence[str], what: str, none: str, listed: Container[str] = ()) -> Judged:
    """These names, and perhaps others."""
    verdict = _these(wanted, seen, listed, others=True)
    return verdict, f"{what} : {quoted(wanted)}.", f"{what} : {quoted(seen)}." if seen else f"{none}."


def _these(wanted: Sequence[str], seen: Sequence[str], listed: Container[str], others: bool) -> Verdict:
    """Whether all are there, and `others` or not; to judge where each that lacks is there with a slip of the pen."""
    lacking = [one for one in wanted if not any(same(one, other) for other in seen)]
    spare = [one for one in seen if not any(same(one, other) for other in wanted)]
    verdict = _TO_JUDGE if lacking else _MET
    for one in lacking:
        slip = next((other for other in spare if nearly_same(one, other) and fold(other) not in listed), None)
        if slip is None:
            return _NOT_MET
        spare.remove(slip)
    return verdict if others or not spare else _NOT_MET


def picked(company: Path, wanted: str, seen: str, what: str, table: str) -> Judged:
    """A name that is chosen in a list; one that a candidate made may bear a slip of the pen."""
    return (
        chosen(company, wanted, seen, table),
        f"{what} : « {wanted} ».",
        f"{what} : « {seen} »." if seen else f"{what} : aucune.",
    )


def text(wanted: str, seen: str, what: str, filled: bool = True) -> Judged:
    """A text given word for word; to judge: a slip of the pen, and what the page says by itself of a field not `filled`."""
    close = filled and (nearly_same(wanted, seen) or fuzz.ratio(fold(wanted), fold(seen)) >= _SLIP)
    verdict = (_MET if filled else _TO_JUDGE) if same(wanted, seen) else _TO_JUDGE if close else _NOT_MET
    by_itself = "" if filled else ", que la page donne d’elle-même, le champ étant vide"
    return verdict, f"{what} : « {wanted} ».", f"{what} : « {seen} »{by_itself}." if seen else f"{what} : vide."


def keywords(company: Path, address: str, tags: Sequence[str], seen: Product) -> Judged:
    """The friendly address and the keywords of the options tab."""
    expected, observed, verdict = [], [], _MET
    if address:
        verdict = addressed(address, seen.address)
        expected.append(f"l’adresse simplifiée est « {address} »")
        observed.append(f"adresse simplifiée : {f'« {seen.address} »' if seen.address else 'vide'}")
    if tags:
        verdict = worst([verdict, _these(tags, seen.tags, seeded.tags(company, seen.id), others=True)])
        expected.append(f"les mots-clés comprennent {quoted(tags)}")
        observed.append(f"mots-clés : {quoted(seen.tags) if seen.tags else 'aucun'}")
    return verdict, sentence(" ; ".join(expected)), sentence(" ; ".join(observed))


def _if(met: bool) -> Verdict:
    return _MET if met else _NOT_MET


def sentence(said: str) -> str:
    """What is said, as a sentence."""
    return said[:1].upper() + said[1:] + "."
