"""Says a recorded step in French: what its check asks for, what the site was asked, what it answered, what was concluded."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cache

from provisioner.examination.recording import RecordedLook, as_json, digest
from provisioner.examination.recording_file import RecordedStep
from provisioner.subject.ledger_file import StepLine
from provisioner.subject.page import Json

#: How much of an answer, and of a script, is shown, in characters.
_SHOWN, _SHOWN_OF_SCRIPT = 300, 60


def step_in_words(step: RecordedStep, line: StepLine | None) -> Iterator[str]:
    """Line by line, as a person reads it; `line` is that of the ledger, where it has the step."""
    recording = step.recording
    yield f"Étape « {step.name} » ({step.step}), {recording.edition}, {recording.check}"
    if line:
        of_fact = f", à propos de {line.fact}" if line.fact else ""
        yield f"Prouvée le {line.day}{of_fact}"
        yield from (f"Verdict accepté le {one}" for one in line.accepted)
    yield "Ce que le contrôle demande :"
    yield from (
        f"  {name} = {as_json(value)}" for name, value in recording.values.items() if value not in ("", [], None)
    )
    yield f"Ce que le site a répondu, arrêté à {recording.taken_at:%H h %M le %d/%m/%Y} :"
    yield from _look(recording.whole)
    if recording.without:
        yield "Ce qu'il a répondu sans les programmes que le candidat a ajoutés :"
        yield from _look(recording.without)
    yield "Ce qui en a été conclu :"
    for fact, verdict, expected, observed in recording.found:
        yield from (f"  {fact} : {verdict.french}", f"    attendu : {expected}", f"    constaté : {observed}")


def _look(look: RecordedLook) -> Iterator[str]:
    for asked, answer in look.asked:
        yield f"  {request_in_words(asked)}"
        if answer is not None:
            text = as_json(answer)
            yield f"    → {text[:_SHOWN]}{f'… ({len(text)} caractères)' if len(text) > _SHOWN else ''}"


def request_in_words(request: str) -> str:
    """A request as it is kept (see recording.py), in French."""
    asked = json.JSONDecoder().raw_decode(request)[0]
    verb, about = asked["verb"], asked.get("about")
    said = _VERBS[verb](about, _where(asked.get("where", ())))
    opened = asked.get("opened")
    on = f" de {opened[0]}" if opened and verb not in ("visit", "goto") else ""
    who = "" if asked.get("page", "visitor") == "visitor" else f" ({asked['page']})"
    after = f", après : {' ; '.join(asked['since'])}" if asked.get("since") else ""
    return f"{said}{on}{who}{after}"


def _where(steps: list[list[str]]) -> str:
    return " › ".join(" ".join(step[1:]) or "le premier" for step in steps) or "la page"


def _script(text: str) -> str:
    """The beginning of a script; of a long one, of which the digest is kept, where it stands, if a check still has it."""
    if text.startswith("#"):
        return f"le script {_names_of_texts().get(text, text)}"
    return f"« {' '.join(text.split())[:_SHOWN_OF_SCRIPT]} »"


@cache
def _names_of_texts() -> dict[str, str]:
    """The names of the texts that the modules of checks hold, by the digests that requests have of them."""
    modules = {name: module for name, module in sys.modules.items() if name.startswith("checks.")}
    return {
        f"#{digest(str(text))}": f"{module}.{name}"
        for module, held in modules.items()
        for name, text in vars(held).items()
        if isinstance(text, str)
    }


def _answers(about: Json, where: str) -> str:
    (item,), script = about[0], about[1]
    item = item if isinstance(item, str) else as_json(item)
    return f"demander {item[:_SHOWN]}" + (f", lu par {_script(script)}" if script else "")


_Say = Callable[[Json, str], str]
_VERBS: Mapping[str, _Say] = {
    "all_text_contents": lambda about, where: f"lire les textes de {where}",
    "alone": lambda about, where: "attendre que rien d'autre ne travaille sur la machine",
    "answers": _answers,
    "count": lambda about, where: f"compter {where}",
    "evaluate": lambda about, where: f"lire {where} par {_script(about[0])}",
    "evaluate_all": lambda about, where: f"lire {where} par {_script(about[0])}",
    "get_attribute": lambda about, where: f"lire l'attribut {about} de {where}",
    "goto": lambda about, where: "ouvrir cette adresse",
    "inner_text": lambda about, where: f"lire le texte de {where}",
    "input_value": lambda about, where: f"lire le champ {where}",
    "misspelled": lambda about, where: f"chercher dans le dictionnaire les mots de « {about[:_SHOWN]} »",
    "once": lambda about, where: f"demander {about} une fois",
    "opened_by": lambda about, where: f"cliquer sur {where} et attendre ce qui s'ouvre",
    "scroll_into_view_if_needed": lambda about, where: f"faire défiler jusqu'à {where}",
    "set_viewport_size": lambda about, where: f"afficher en {about['width']} × {about['height']}",
    "shot": lambda about, where: f"photographier {where}",
    "sign_in": lambda about, where: "se connecter",
    "title": lambda about, where: "lire le titre",
    "url": lambda about, where: "lire l'adresse",
    "viewport_size": lambda about, where: "lire la taille de la page",
    "visit": lambda about, where: f"visiter {about}",
}
