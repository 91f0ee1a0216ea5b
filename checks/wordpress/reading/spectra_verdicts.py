"""Whether the blocks of Spectra say and show what was asked."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from pathlib import Path
from typing import TypeVar

from checks.visibility import as_seen
from checks.wordpress.reading import seeded
from checks.wordpress.reading.content_verdicts import best, worst
from checks.wordpress.reading.contents import Image, leads_to
from checks.wordpress.reading.library import COPY, MediaFile, copies_of, names_of, shows
from checks.wordpress.reading.parts import Part
from checks.wordpress.reading.places import Placed, stands
from checks.wordpress.reading.spectra_shown import Item, Shown, SpectraBlocks
from checks.wordpress.reading.spectra_wanted import FIELDS, FormField, Member, Question, Quote, Slide
from checks.wordpress.reading.stored_blocks import StoredBlock
from checks.wordpress.reading.wording import denials
from provisioner.french.negation import denied
from provisioner.french.text import fold, holds, nearly_holds, nearly_same, quoted, same, shortened
from provisioner.subject.check import Verdict

_NUMBER = re.compile(r"[0-9]{1,6}")
#: A verdict, and why a person has to say.
Result = tuple[Verdict, str]
_W = TypeVar("_W")

#: What Spectra proposes in its blocks until somebody writes something else.
_PROPOSED = (
    *(f"Slide {number}" for number in (1, 2, 3)),
    "Read More",
    "Click here to change this text",
    "Lorem ipsum dolor sit amet",
    "What is FAQ?",
    "Qu’est-ce qu’une F.A.Q.",
    "I have been working with these guys",
    "John Doe",
    "Company Name",
    "Engage Your Visitors",
    "Call To Action",
    "DAYS",
    "HOURS",
    "Designation",
    "First Name",
    "Last Name",
    "Option Name",
    "Checkbox Title",
    "Some question with below listed option",
)
_IN_HTML = "ce n’est pas un bloc de Spectra que le contenu enregistre, mais du HTML qui lui ressemble"


def named_so(wanted: str, seen: str) -> Result:
    """Whether a short text is the wanted one."""
    if same(wanted, seen):
        return Verdict.MET, ""
    turned = sorted(fold(wanted).split()) == sorted(fold(seen).split())  # « Kerdoncuff Armelle »
    near = turned or nearly_same(wanted, seen) or holds(seen, wanted)
    return (Verdict.TO_JUDGE if near else Verdict.NOT_MET), f"« {shortened(seen, 100)} » est à peu près « {wanted} »"


def said_so(wanted: str, text: str) -> Result:
    """Whether a text says what is wanted; the signs at its end don't count."""
    wanted = wanted.rstrip(" .!?…") or wanted
    if holds(text, wanted):
        sentence = denied(text, wanted)
        return (Verdict.TO_JUDGE, denials([(wanted, sentence)])[0]) if sentence else (Verdict.MET, "")
    near = nearly_holds(text, wanted)
    return (Verdict.TO_JUDGE if near else Verdict.NOT_MET), f"« {shortened(text, 160)} » dit à peu près « {wanted} »"


def pictured(media: str, sources: Sequence[str], files: Sequence[MediaFile]) -> Result:
    """Whether a medium is among these files."""
    images = [Image(source, "", "") for source in sources]
    if any(shows(image, names_of(media, files)) for image in images):
        return Verdict.MET, ""
    copied = any(shows(image, copies_of(media, files)) for image in images)
    return (Verdict.TO_JUDGE, f"pour « {media} », {COPY}") if copied else (Verdict.NOT_MET, "")


def all_of(results: Sequence[Result]) -> Result:
    """The worst of results, with what a person has to read where that is his to judge."""
    verdict = worst([found for found, _ in results])
    return verdict, " ; ".join(dict.fromkeys(why for found, why in results if found is Verdict.TO_JUDGE and why))


# --- one thing ----------------------------------------------------------------------------------


def slide(wanted: Slide, item: Item, files: Sequence[MediaFile]) -> Result:
    """Whether a slide says and shows what is asked; a title that is no line of its own is a person's to judge."""
    results = [said_so(text, item.texts["text"]) for text in wanted.wanted]
    if wanted.title and not any(same(wanted.title, line) for line in item.texts["text"].splitlines()):
        results.append((Verdict.TO_JUDGE, f"« {wanted.title} » n’est pas une ligne de la diapositive"))
    results += [pictured(wanted.media, item.sources, files)] if wanted.media else []
    return all_of(results)


def question(wanted: Question, item: Item, files: Sequence[MediaFile]) -> Result:
    """Whether a question is the wanted one, with its answer."""
    return all_of([named_so(wanted.question, item.texts["question"]), said_so(wanted.answer, item.texts["answer"])])


def quote(wanted: Quote, item: Item, files: Sequence[MediaFile]) -> Result:
    """Whether a testimonial is the wanted one."""
    results = [named_so(wanted.name, item.texts["name"]), said_so(wanted.words, item.texts["words"])]
    results += [named_so(wanted.company, item.texts["company"])] if wanted.company else []
    results += [pictured(wanted.media, item.sources, files)] if wanted.media else []
    return all_of(results)


def member(wanted: Member, item: Item, files: Sequence[MediaFile]) -> Result:
    """Whether a person of the team is the wanted one."""
    results = [named_so(wanted.name, item.texts["name"])]
    results += [named_so(wanted.post, item.texts["post"])] if wanted.post else []
    results += [said_so(wanted.words, item.texts["words"])] if wanted.words else []
    results += [pictured(wanted.media, item.sources, files)] if wanted.media else []
    for address in wanted.links:
        there = any(leads_to(link, address, "") for link in item.links)
        results.append((Verdict.MET if there else Verdict.NOT_MET, ""))
    if wanted.links and results[-1][0] is Verdict.MET and any(link.endswith("#") for link in item.links):
        results.append((Verdict.TO_JUDGE, f"pour « {wanted.name} », d’autres icônes de réseaux ne mènent nulle part"))
    return all_of(results)


def form_field(wanted: FormField, item: Item, files: Sequence[MediaFile]) -> Result:
    """Whether a field is the wanted one."""
    results = [named_so(_label(wanted.label), _label(item.texts["label"]))]
    if results[0][0] is Verdict.NOT_MET:
        return results[0]
    if item.texts["kind"] != FIELDS[wanted.kind]:
        results.append((Verdict.TO_JUDGE, f"« {wanted.label} » n’est pas un champ « {wanted.kind} »"))
    if wanted.required is not None and item.required is not wanted.required:
        results.append((Verdict.NOT_MET, ""))
    choices = item.texts["choices"].split("\n")
    for choice in wanted.choices:
        results.append(
            (best([named_so(choice, one)[0] for one in choices]), f"le choix « {choice} » est à peu près là")
        )
    return all_of(results)


def _label(text: str) -> str:
    """A field's name without the colon or the star behind it."""
    return text.rstrip(" \u00a0\u202f:*") or text


# --- several ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Matched:
    """How the wanted things are among those of some blocks: the verdict, what is missing, what a person has to read."""

    verdict: Verdict
    lacking: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    #: The place of each wanted thing among those that are there; -1 for none.
    places: tuple[int, ...] = ()


def match(
    wanted: Sequence[_W],
    items: Sequence[Item],
    judge: Callable[[_W, Item, Sequence[MediaFile]], Result],
    files: Sequence[MediaFile],
    *,
    in_order: bool = False,
) -> Matched:
    """Find each wanted thing among those that are there, none twice; `in_order`, one after the other where that is possible."""
    table = [[_as_seen(judge(one, item, files), item) for item in items] for one in wanted]
    verdicts = [[verdict for verdict, _ in row] for row in table]
    places = (_following(verdicts) if in_order else ()) or _assigned(verdicts)
    found = [row[place] if place >= 0 else (Verdict.NOT_MET, "") for row, place in zip(table, places, strict=True)]
    lacking = tuple(str(one) for one, place in zip(wanted, places, strict=True) if place < 0)
    doubts = dict.fromkeys(why for verdict, why in found if verdict is Verdict.TO_JUDGE and why)
    return Matched(worst([verdict for verdict, _ in found]), lacking, tuple(doubts), places)


def _following(table: Sequence[Sequence[Verdict]]) -> tuple[int, ...]:
    """The place of each row's thing, each after the one before: all met or else some perhaps; none where that can't be."""
    for allowed in ((Verdict.MET,), (Verdict.MET, Verdict.TO_JUDGE)):
        places: list[int] = []
        for row in table:
            after = places[-1] + 1 if places else 0
            place = next((place for place in range(after, len(row)) if row[place] in allowed), None)
            if place is None:
                break
            places.append(place)
        else:
            return tuple(places)
    return ()


def _assigned(table: Sequence[Sequence[Verdict]]) -> tuple[int, ...]:
    """The place of each row's thing, none twice, -1 for none: as many as can be are met, then as many as can be are perhaps."""
    taken: dict[int, int] = {}

    def take(row: int, allowed: Sequence[Verdict], tried: set[int]) -> bool:
        for verdict in allowed:
            for place, found in enumerate(table[row]):
                if found is verdict and place not in tried:
                    tried.add(place)
                    if place not in taken or take(taken[place], allowed, tried):
                        taken[place] = row
                        return True
        return False

    for allowed in ((Verdict.MET,), (Verdict.MET, Verdict.TO_JUDGE)):
        for row in range(len(table)):
            if row not in taken.values():
                take(row, allowed, set())
    of_rows = {row: place for place, row in taken.items()}
    return tuple(of_rows.get(row, -1) for row in range(len(table)))


def _as_seen(result: Result, item: Item) -> Result:
    verdict = as_seen(result[0], item.unseen, in_text=True)
    return result if verdict is result[0] else (verdict, f"un visiteur ne voit pas {item}")


def ordered(matched: Matched) -> bool:
    """Whether the wanted things that are there stand in the order in which they are asked."""
    there = [place for place in matched.places if place >= 0]
    return there == sorted(there)


def proposed(texts: Sequence[str], wanted: Sequence[str]) -> str:
    """That a text is left as Spectra proposes it, where none of the wanted ones says that; empty where there is none."""
    left = [
        one for one in _PROPOSED if any(holds(text, one) for text in texts) and not any(holds(w, one) for w in wanted)
    ]
    return f"un texte est resté tel que Spectra le propose ({quoted(left[:3])})" if left else ""


def placed(place: Placed, shown: Sequence[Shown]) -> Result:
    """Whether the blocks that are right stand where they must: below the heading all of them, at the beginning the first."""
    if not place.placed or not shown:
        return Verdict.MET, ""
    parts = [one.part for one in shown]
    first, last = min(part.before for part in parts), min(part.after for part in parts)
    return all_of([place.place_of(_at(part, first, last)) for part in parts])


def _at(part: Part, before: int, after: int) -> Part:
    return Part(part.kind, under=part.under, before=before, after=after)


def where(shown: Sequence[Shown]) -> str:
    """Where blocks stand, in French."""
    return " ; ".join(dict.fromkeys(stands(one.part) for one in shown))


def of_spectra(shown: Sequence[Shown]) -> Result:
    """Whether the content stores these as blocks of Spectra."""
    return (Verdict.MET, "") if all(one.stored for one in shown) else (Verdict.TO_JUDGE, _IN_HTML)


def made_otherwise(company: Path, read: SpectraBlocks, texts: Sequence[str]) -> str:
    """What of a content that is no such block says all these texts, in French; empty where nothing does, or did at first."""
    first = " ".join(seeded.texts_of(company, read.content.born)) if read.content.born else ""
    if not texts or (first and all(fold(text) in first for text in texts)):
        return ""
    telling = [part for part in read.others if any(holds(part.text, text) for text in texts)]
    if not all(any(holds(part.text, text) for part in telling) for text in texts):
        return ""
    return f"ce qui est demandé se lit dans un autre bloc : « {shortened(telling[0].text, 100)} »"


# --- a countdown --------------------------------------------------------------------------------


def ends_of(block: StoredBlock, zone: tzinfo | None) -> tuple[datetime | None, timedelta]:
    """When a countdown ends, by the clock of the site, and how much that may be off.

    What the candidate picked is stored as he sees it; the moment that Spectra makes of it takes the summer time of today.
    """
    picked = _moment(block.text("displayEndDateTime"))
    if picked and picked.tzinfo is None:
        return picked, timedelta()
    moment = _moment(block.text("endDateTime")) or picked
    if moment is None:
        return None, timedelta()
    local = moment.astimezone(zone).replace(tzinfo=None) if moment.tzinfo else moment
    return local, timedelta(hours=1)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (
        moment if 1970 < moment.year < 2200 else None
    )  # farther away, a zone or an hour leads out of what Python counts


def ends_at(wanted: datetime, hour: time | None, ends: datetime, off: timedelta) -> bool:
    """Whether a countdown ends on the wanted day, at the wanted hour where one is asked for."""
    if hour is None:
        return (ends - off).date() <= wanted.date() <= (ends + off).date()
    return abs(ends.replace(second=0, microsecond=0) - wanted) <= off


def counts(texts: Mapping[str, str], ends: datetime, now: datetime) -> Result:
    """Whether the numbers that a visitor reads are those of the time left, where they are of a moment to come."""
    numbers = {unit: texts.get(unit, "") for unit in ("days", "hours", "minutes", "seconds")}
    shown = {unit: number for unit, number in numbers.items() if number}
    if not any(_NUMBER.fullmatch(number) for number in shown.values()):
        return Verdict.TO_JUDGE, "aucun nombre ne s’affiche"
    left = max(timedelta(), ends - now)
    if _NUMBER.fullmatch(shown.get("days", "")) and abs(int(shown["days"]) - left.days) > 1:
        return Verdict.TO_JUDGE, f"il affiche {shown['days']} jours, alors qu’il en reste {left.days}"
    return Verdict.MET, ""
