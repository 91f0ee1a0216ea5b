"""Verdicts on attributes and features: their names, how they are chosen, their values."""

from collections.abc import Sequence

from checks.prestashop.reading import product_verdicts as judged
from checks.prestashop.reading.attributes import AttributeOrFeature
from provisioner.french.text import nearly_same, numbered, quoted, same
from provisioner.subject.check import Verdict

#: How the shop calls the ways to choose among the values of an attribute.
DISPLAYS = {"liste déroulante": "select", "boutons radio": "radio", "couleur": "color"}


def judged_name(name: str, was: str, display: str, all_held: Sequence[AttributeOrFeature]) -> tuple[Verdict, str]:
    """Whether one of this name is there, and none of the old name; and what is there.

    Where only the list or only the customers have the name, a person says.
    """
    found = [one for one in all_held if any(same(name, own) for own in one.names)]
    left = [one for one in all_held if was and one not in found and same(was, one.name)]
    fitting = [one for one in found if not display or one.display == DISPLAYS[display]]
    seen = f"Il y a : {', '.join(map(str, all_held))}." if all_held else "La liste est vide."
    if found and not fitting:
        shown = next((french for french, own in DISPLAYS.items() if own == found[0].display), found[0].display)
        seen = f"{found[0]} est de type « {shown} »."
    if left:
        seen += f" « {left[0].name} » existe encore."
    if left or (found and not fitting):
        return Verdict.NOT_MET, seen
    whole = any(all(same(name, own) for own in one.names) for one in fitting)
    if fitting and not whole:
        seen = (
            f"Dans la liste, l’attribut s’appelle « {fitting[0].name} » ; les clients lisent « {fitting[0].public} »."
        )
        return Verdict.TO_JUDGE, seen
    return judged.likeness(name, [own for one in all_held for own in one.names]), seen


def judged_values(
    name: str, was: str, wanted: Sequence[str], unwanted: Sequence[str], all_held: Sequence[AttributeOrFeature]
) -> tuple[Verdict, str]:
    """Whether one of this name, or of the old one, has these values, others permitted, and none of the unwanted."""
    names = named_so(name, was, [own for one in all_held for own in one.names])
    found = [one for one in all_held if any(own in names for own in one.names)]
    if not found:
        return Verdict.NOT_MET, f"Rien dans la liste ne s’appelle « {name} »."
    verdict = judged.best(
        Verdict.NOT_MET
        if any(same(value, seen) for value in unwanted for seen in one.values)
        else judged.worst(judged.likeness(value, one.values) for value in wanted)
        for one in found
    )
    each = [f"{one} a {values_in_words(one.values)}." if one.values else f"{one} n’a aucune valeur." for one in found]
    if len(found) > 1:
        # Values in one that was made beside the one that is meant: a person says.
        verdict = judged.worst([verdict, Verdict.TO_JUDGE])
        each.insert(0, f"{numbered(len(found), 'élément')} de la liste portent ce nom.")
    return verdict, " ".join(each)


def values_in_words(values: Sequence[str]) -> str:
    """Values with their article: « la valeur « 1 kg » », « les valeurs « 1 kg », « 2 kg » »."""
    return f"{'la valeur' if len(values) == 1 else 'les valeurs'} {quoted(values)}"


def named_so(name: str, was: str, seen: Sequence[str]) -> list[str]:
    """Those of the names that are this one, else the old one, else a slip of it: what is asked of the name is apart."""
    return (
        [one for one in seen if same(name, one)]
        or [one for one in seen if was and same(was, one)]
        or [one for one in seen if nearly_same(name, one)]
    )


def values_under(name: str, was: str, sheet: Sequence[Sequence[str]]) -> list[str]:
    """The values that a product's sheet, of names and values, gives to a feature."""
    names = named_so(name, was, [one for one, _ in sheet])
    return [value for one, value in sheet if one in names]
