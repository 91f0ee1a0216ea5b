"""What a text says of the elements that were asked for, and of the headings that divide it."""

from collections.abc import Sequence

from checks.wordpress.reading.contents import Body, Content
from checks.wordpress.reading.wording import denials, written_otherwise
from provisioner.french.negation import denied
from provisioner.french.text import holds, nearly_holds, nearly_same, numbered, quoted, same
from provisioner.subject.check import Verdict

#: A verdict, what was expected, what was observed.
Result = tuple[Verdict, str, str]
#: A heading block of any level below the article's own title.
_SUBTITLES = range(2, 7)


def elements_verdict(elements: Sequence[str], title: str, text: str) -> Result:
    """Whether title and text hold the elements; what is written otherwise, or perhaps denied, is a person's to judge."""
    read = f"{title}\n{text}"
    missing = [element for element in elements if not holds(read, element)]
    unsure = [element for element in missing if nearly_holds(read, element)]
    absent = [element for element in missing if element not in unsure]
    doubts = written_otherwise(unsure, read)
    doubts += denials((one, denied(text, one)) for one in elements if one not in missing)
    observed = [f"il manque {quoted(absent)}"] * bool(absent)
    observed += [f"à lire : {' ; '.join(doubts)}"] * bool(doubts)
    verdict = Verdict.NOT_MET if absent else Verdict.TO_JUDGE if doubts else Verdict.MET
    said = " ; ".join(observed) or ("tous y sont" if len(elements) > 1 else f"{quoted(elements)} y est")
    return verdict, f"le titre ou le texte reprend {quoted(elements)}", said


def headings_verdict(wanted: int, body: Body) -> Result:
    """Whether the text has so many headings below the title of the content."""
    found = [(level, text) for level, text in body.headings if level in _SUBTITLES]
    seen = ", ".join(f"« {text} » (H{level})" for level, text in body.headings) or "aucun bloc Titre"
    expected = f"au moins {numbered(wanted, 'sous-titre')} (bloc Titre, de H2 à H6)"
    if len(found) < wanted <= len(body.headings):
        level_1 = numbered(len(body.headings) - len(found), "titre")
        return Verdict.TO_JUDGE, expected, f"{seen} ; à lire : {level_1} de niveau 1 dans le texte"
    return (Verdict.MET if len(found) >= wanted else Verdict.NOT_MET), expected, seen


def filed_only(name: str, why: str) -> str:
    """That an article is nearly in a category that is asked for, by the reason that `lacking_categories` gives."""
    return f"l’article n’est classé dans « {name} » que {why}"


def lacking_categories(wanted: Sequence[str], content: Content) -> dict[str, str]:
    """The categories that are asked for and that the content doesn't have, and why a person has to say; empty: no doubt."""
    near = {name: [seen for seen in content.categories if nearly_same(name, seen)] for name in wanted}
    return {
        name: f"sous le nom « {near[name][0]} »"
        if near[name]
        else "par une de ses sous-catégories"
        if any(same(name, above) for above in content.above)
        else ""
        for name in wanted
        if not any(same(name, seen) for seen in content.categories)
    }
