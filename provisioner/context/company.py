"""What the texts of a context say of the company itself, held against its description: tables row by row, shops, fairs,
people and their functions, and what is the same wherever it is written out."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from provisioner.context.texts import Fault, Passage, by_the_company
from provisioner.french import figures
from provisioner.french.calendar import WEEK
from provisioner.french.text import fold

_PHONE = r"(?<!\d)0\d(?: \d\d){4}(?!\d)"
#: What context.toml holds in these very words, wherever a text has it.
_LITERAL = {
    "téléphone": _PHONE,
    "immatriculation": r"\bRCS [^\W\d]+(?: \d{3}){3}",
    "numéro de TVA": r"\bFR \d\d \d{9}\b",
    "capital": r"\bcapital de (\d[\d ]*€)",
    "rue": r"\b\d+ (?:chemin|place|quai|rue)(?: (?:de|des|du|la|le))* [A-ZÀ-Ý][\w-]+",
    "commune": r"\b\d{5} [A-ZÀ-Ý][\w-]+",
    "compte Instagram": r"\bInstagram \((@\w+)\)",
    "page Facebook": r"\bFacebook \(([^)]+)\)",
    "stand": r"\bstand ([A-Z]?\d[\w.]*\w)",
}
#: An opening: days, then hours.
_OPEN = re.compile(rf"(?:le |du )?((?:{'|'.join(WEEK)})\b[^:]*):(.*\d ?h.*)")
#: A day of a fair, from the build.
_DATE = re.compile(r"\{\{date:\w+ \+(\d+) days\}\}")
#: What ends the words about somebody's function. "de la" and the first word of the company's name do so too: see _functions.
_FUNCTION_ENDS = r"[.,;:)]| depuis\b"


def misdescribed(
    context: Mapping[str, Any], seeds: Mapping[str, Any], passages: Iterable[Passage], files: Iterable[str]
) -> Iterator[Fault]:
    """What these passages say of the company otherwise than context.toml, and whom the links of these files write to."""
    own = [passage for passage in passages if by_the_company(passage)]
    yield from _tables(context, own)
    yield from _shops(context, own)
    yield from _fairs(context, own)
    yield from _functions(context, seeds, own)
    yield from _names(context, own)
    yield from _literals(context, own)
    yield from _letterboxes(context, seeds, files)
    yield from _networks(context, seeds)


def _tables(context: Mapping[str, Any], passages: Iterable[Passage]) -> Iterator[Fault]:
    """Rows of the tables that repeat a list of context.toml; the table of years has all of them."""
    described = {
        "nom": {fold(person["name"]): {"fonction": person["function"]} for person in context.get("people", [])},
        "maison": {
            fold(partner["name"]): {"commune": partner["place"], "ce qu'elle apporte": partner["brings"]}
            for partner in context.get("partners", [])
        },
        "enseigne": {
            fold(town["brand"]): {"communes": ", ".join(town["places"])}
            for town in context.get("retail", {}).get("towns", [])
        },
    }
    years: dict[str, set[str]] = defaultdict(set)
    for passage in passages:
        for column, rows in described.items():
            if column not in passage.cells:
                continue
            row = rows.get(fold(passage.cells[column]))
            if row is None:
                yield Fault(
                    passage.where, f"« {passage.text[:80]} » : context.toml ne connaît pas « {passage.cells[column]} »"
                )
                continue
            for name, right in row.items():
                if name in passage.cells and fold(passage.cells[name]) != fold(right):
                    yield Fault(passage.where, f"« {passage.text[:80]} » : {right}, d'après context.toml")
        if {"annee", "evenement"} <= set(passage.cells):
            years[passage.where].add(passage.cells["annee"])
            yield from _misdated(context, passage)
    known = {str(milestone["year"]) for milestone in context.get("company", {}).get("milestones", [])}
    for where, written in years.items():
        for year in sorted(known - written):
            yield Fault(where, f"le tableau des années passe sur {year}")


def _misdated(context: Mapping[str, Any], row: Passage) -> Iterator[Fault]:
    """An event is the milestone with which it shares the most words."""
    event = _words(row.cells["evenement"])
    milestones = context.get("company", {}).get("milestones", [])
    shared = {str(milestone["year"]): len(event & _words(milestone["text"])) for milestone in milestones}
    likely = [year for year, count in shared.items() if count and count == max(shared.values())]
    if row.cells["annee"] not in likely:
        right = " ou ".join(likely) or "aucune date"
        yield Fault(row.where, f"« {row.text[:80]} » : {right} d'après context.toml")


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w{3,}", fold(text)))


def _shops(context: Mapping[str, Any], passages: Iterable[Passage]) -> Iterator[Fault]:
    """Under a heading that names a shop and gives its address or its hours: both, its telephone, and no other's."""
    shops = {fold(shop["name"]): shop for shop in context.get("shops", [])}
    sections: dict[tuple[str, str], list[str]] = defaultdict(list)
    for passage in passages:
        if passage.about:
            sections[passage.where, passage.about[0]].append(passage.text)
    for (where, heading), lines in sections.items():
        title = fold(heading)
        for shop in (shop for name, shop in shops.items() if name in title):
            open_at = [found for line in lines for found in openings(line)]
            text = " ".join(lines)
            place = re.search(r"\d{5} [A-ZÀ-Ý]", text)
            if not (place or open_at):
                continue
            if open_at != [found for line in shop["hours"] for found in openings(f"{line['days']} : {line['hours']}")]:
                yield Fault(where, f"{shop['name']} : d'autres horaires que dans context.toml")
            for kind, right in (("adresse", shop["address"]), ("téléphone", shop["phone"])):
                if fold(right) not in fold(text):
                    yield Fault(where, f"{shop['name']} : {kind} {right}, d'après context.toml")


def openings(text: str) -> list[tuple[str, str]]:
    """The days of a line such as "Du mardi au samedi : de 10 h à 19 h", each with its hours; of any other, none."""
    found = _OPEN.fullmatch(fold(text))
    if not found:
        return []
    days = re.findall("|".join(WEEK), found[1])
    if re.search(r" au ", found[1]):
        days = list(WEEK[WEEK.index(days[0]) : WEEK.index(days[-1]) + 1])
    hours = " ".join(re.findall(r"\d+h\d\d", figures.spelled_once(found[2])))
    return [(day, hours) for day in days]


def _fairs(context: Mapping[str, Any], passages: Iterable[Passage]) -> Iterator[Fault]:
    """Where a fair is named, its stand and its first day; the calendar also has its place."""
    fairs = {fold(fair["name"]): fair for fair in context.get("fairs", [])}
    for passage in passages:
        named = [fair for name, fair in fairs.items() if name in passage.topic]
        if len(named) == 1:
            fair, stands = named[0], re.findall(_LITERAL["stand"], passage.text)
            if any(stand != fair.get("stand") for stand in stands):
                yield Fault(
                    passage.where, f"« {passage.text[:80]} » : stand {fair.get('stand', '')}, d'après context.toml"
                )
            days = [int(day) for day in _DATE.findall(passage.text)]
            if days and days[0] != fair["in_days"]:
                yield Fault(
                    passage.where, f"« {passage.text[:80]} » : dans {fair['in_days']} jours, d'après context.toml"
                )
            if "lieu" in passage.cells:
                place = fair["place"] + (f", stand {fair['stand']}" if "stand" in fair else "")
                if fold(passage.cells["lieu"]) != fold(place):
                    yield Fault(passage.where, f"« {passage.text[:80]} » : {place}, d'après context.toml")
        if "rendez-vous" in passage.cells and not named:
            yield Fault(passage.where, f"« {passage.text[:80]} » : context.toml ne connaît pas ce rendez-vous")


def _functions(context: Mapping[str, Any], seeds: Mapping[str, Any], passages: Iterable[Passage]) -> Iterator[Fault]:
    """Functions below or behind a name, and those of the accounts."""
    functions = {person["name"]: person["function"] for person in context.get("people", [])}
    kinds = {fold(function).split()[0] for function in functions.values()}
    of_company = [rf" de la {re.escape(kind)}\b" for kind in fold(context.get("name", "")).split()[:1]]
    ends = re.compile("|".join([_FUNCTION_ENDS, *of_company]))
    for passage in passages:
        texts = [(name, passage.text) for name in functions if passage.about[:1] == (name,)]
        texts += [(name, text) for name in functions for text in passage.text.split(f"{name}, ")[1:]]
        for name, text in texts:
            function = ends.split(fold(text))[0].strip()
            if function.split(" ")[0] in kinds and not f"{fold(functions[name])},".startswith(f"{function},"):
                yield Fault(passage.where, f"« {passage.text[:80]} » : {name}, {functions[name]}, d'après context.toml")
    for path, seed in seeds.items():
        for user in seed.get("users", []):
            name = f"{user['first_name']} {user['last_name']}"
            if "about" in user and name in functions and not fold(user["about"]).startswith(fold(functions[name])):
                yield Fault(path, f"{name} : {functions[name]}, d'après context.toml")


def _names(context: Mapping[str, Any], passages: Iterable[Passage]) -> Iterator[Fault]:
    """First names of the company's people before another name than theirs."""
    people = [person["name"] for person in context.get("people", [])]
    known = " ".join(_leaves(context))
    first = "|".join(sorted({re.escape(name.split()[0]) for name in people}, key=len, reverse=True))
    for passage in passages if first else []:
        for found in re.finditer(rf"(?<![\w-])(?:{first}) (?=[A-ZÀ-Ý])(?:Le )?[\w-]+", passage.text):
            if not re.search(rf"{re.escape(found[0])}(?![\w-])", known):
                yield Fault(passage.where, f"« {found[0]} » : context.toml ne connaît personne de ce nom")


def _literals(context: Mapping[str, Any], passages: Iterable[Passage]) -> Iterator[Fault]:
    """Numbers and the like that context.toml doesn't hold, and telephones of a shop or of the host where it isn't named."""
    known = "\n".join(_leaves(context))
    owners = {shop["phone"]: shop["name"] for shop in context.get("shops", [])}
    if "host_phone" in context.get("legal", {}):
        owners[context["legal"]["host_phone"]] = context["legal"]["host"].split(",")[0]
    for passage in passages:
        plain = " ".join(passage.text.split())
        for kind, how in _LITERAL.items():
            for literal in re.findall(how, plain):
                if not re.search(rf"(?<!\w){re.escape(literal)}(?!\w)", known):
                    yield Fault(passage.where, f"« {plain[:80]} » : {kind} {literal}, que context.toml ne connaît pas")
        for phone in re.findall(_PHONE, plain):
            if phone in owners and fold(owners[phone]) not in passage.topic:
                yield Fault(passage.where, f"« {plain[:80]} » : {phone} est le téléphone de {owners[phone]}")


def _letterboxes(context: Mapping[str, Any], seeds: Mapping[str, Any], files: Iterable[str]) -> Iterator[Fault]:
    """Mail addresses of the company that neither its description nor an account has."""
    if "domain" not in context:
        return
    mails = re.compile(rf"[\w.+-]+@{re.escape(context['domain'])}")
    known = set(mails.findall("\n".join(_leaves(context))))
    known |= {
        account["email"] for seed in seeds.values() for account in (*seed.get("employees", []), *seed.get("users", []))
    }
    for mail in sorted({found for text in files for found in mails.findall(text)} - known):
        yield Fault("texts", f"{mail} : ni context.toml ni un compte n'a cette adresse")


def _networks(context: Mapping[str, Any], seeds: Mapping[str, Any]) -> Iterator[Fault]:
    """Links to a social network that are not the company's own there."""
    own = {network["url"] for network in context.get("social", {}).values()}
    network_link = re.compile(r"https?://(?:[\w-]+\.)*(?:facebook|instagram|linkedin)\.com\b[^\s\"<>]*")
    found = {link for seed in seeds.values() for leaf in _leaves(seed) for link in network_link.findall(leaf)}
    for link in sorted(found - own) if own else ():
        yield Fault("seed.toml", f"{link} : context.toml ne connaît pas cette page")


def _leaves(value: object) -> Iterator[str]:
    """Every text and number of a description, whatever its key."""
    if isinstance(value, Mapping | list):
        for inner in value.values() if isinstance(value, Mapping) else value:
            yield from _leaves(inner)
    else:
        yield str(value)
