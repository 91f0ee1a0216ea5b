"""What one run of `e5b prove` proves, and on which edition."""

from collections.abc import Sequence
from dataclasses import dataclass

from provisioner.core.errors import Refusal
from provisioner.core.model import Stack
from provisioner.host.companies import HOME
from provisioner.host.editions import edition_for, session_of, stack_for, stack_named
from provisioner.host.settings import Settings
from provisioner.proof.steps import feasible
from provisioner.subject.check import Check
from provisioner.subject.subjects import Subject, examples_for, load_subject
from provisioner.subject.suitability import is_on_the_list, refuse_unsuited


@dataclass(frozen=True)
class Selection:
    """Checks to prove by their examples, subjects to prove with theirs, and the edition that all of it is proven on."""

    edition: Stack
    examples: Sequence[Check]
    subjects: Sequence[Subject]


def select(functionalities: Sequence[str], subjects: Sequence[str], stack: str, settings: Settings) -> Selection:
    """What these lines of the list and these subjects ask for; all checks of the edition's CMS where neither is named.

    Without a `stack`, the edition is the session's. It has the company of the subjects. Refused where nothing is left, where
    it would take two CMS or two companies, where checks would be proven with another company than the home one, or where the
    edition can do nothing of it.
    """
    loaded = [load_subject(name) for name in subjects]
    cms = stack_named(stack).cms if stack else (loaded[0].cms if loaded else "")
    examples = [] if loaded and not functionalities else examples_for(functionalities, cms)
    if not examples and not loaded:
        raise Refusal("Aucun contrôle ne prouve cette ligne. Voyez « e5b functions ».")
    needed_cms = sorted({subject.cms for subject in loaded} | {type(check).id.split(".")[0] for check in examples})
    if len(needed_cms) > 1 or (cms and needed_cms != [cms]):
        raise Refusal(
            f"Une preuve se fait sur un seul CMS, et il en faudrait pour {', '.join(needed_cms)}. "
            "Choisissez l'édition avec --stack, et des sujets de son CMS."
        )
    edition = _edition(needed_cms[0], loaded, stack, settings)
    if examples and edition.company != HOME:
        raise Refusal(
            f"{edition.id} a l'entreprise « {edition.company} », et les contrôles se prouvent avec « {HOME} » : donnez-lui des sujets "
            "avec --subject, sans --functionality."
        )
    session = session_of(edition)
    asked = [check for check in examples if is_on_the_list(check, session)]
    if examples and not asked:
        raise Refusal(f"La liste de la session {session} n'a plus, ou pas encore, ce que prouvent ces contrôles.")
    of_subjects = [row.check for subject in loaded for question in subject.questions for row in question.wanted]
    if not any(feasible(check, edition) for check in (*asked, *of_subjects)):
        raise Refusal(
            f"{edition.id} n'a pas ce que ces contrôles demandent : choisissez une autre édition avec --stack."
        )
    return Selection(edition, asked, loaded)


def _edition(cms: str, subjects: Sequence[Subject], stack: str, settings: Settings) -> Stack:
    """The named edition, else the session's, with the company of the subjects; a Refusal where one doesn't suit it."""
    companies = {subject.context for subject in subjects} or {HOME}
    if len(companies) > 1:
        raise Refusal(
            f"Une preuve se fait avec une seule entreprise, et ces sujets en ont {len(companies)} ({', '.join(sorted(companies))}) : "
            "prouvez-les l'un après l'autre."
        )
    (company,) = companies
    edition = stack_for(stack, company) if stack else edition_for(cms, settings, company)
    for subject in subjects:
        refuse_unsuited(subject, edition)
    return edition
