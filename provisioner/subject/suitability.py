"""Which sessions a check and a subject suit, and what stands in the way."""

from provisioner.core.errors import Refusal
from provisioner.core.model import Stack
from provisioner.french.text import quoted
from provisioner.host.editions import cms_name, editions_of_session, session_of, sessions
from provisioner.subject.check import Check
from provisioner.subject.session_list import facts_of
from provisioner.subject.subjects import Subject


def is_on_the_list(check: Check, session: str) -> bool:
    """Whether a session's list has one of the facts that the check's values ask for."""
    return not facts_of(session).isdisjoint(check.facts())


def obstacles(subject: Subject, session: str) -> list[str]:
    """Why a subject doesn't suit a session: French sentences; none where it does."""
    editions = [stack for stack in editions_of_session(session) if stack.cms == subject.cms]
    if not editions:
        return [f"La session {session} n'a pas d'édition de {cms_name(subject.cms)}."]
    return _obstacles(subject, editions[0], session)


def suited_sessions(subject: Subject) -> list[str]:
    """The sessions that a subject suits."""
    return [session for session in sessions() if not obstacles(subject, session)]


def off_the_list(subject: Subject, session: str) -> list[str]:
    """The facts that a subject which suits a session asks for beside those of its list: French sentences.

    Its report shows them as others: a question may ask for more than the list names.
    """
    sentences = []
    for question in subject.questions:
        facts = dict.fromkeys(fact for row in question.wanted for fact in row.check.facts())
        if beside := [fact.partition("/")[2] for fact in facts if fact not in facts_of(session)]:
            what = f"la question {question.number} demande aussi {quoted(beside)}"
            sentences.append(f"{what}, que la liste de la session {session} n'a pas.")
    return sentences


def refuse_unsuited(subject: Subject, stack: Stack) -> None:
    """Refuse a subject of another company than the stations', and one that an official edition's session doesn't take.

    An edition for trying takes every subject of the company: it says what it hasn't when it is examined.
    """
    if found := _in_the_way(subject, stack):
        raise Refusal(f"Le sujet {subject.id} ne convient pas à {stack.id}. {' '.join(found)} Choisissez-en un autre.")


def suits(subject: Subject, stack: Stack) -> bool:
    """Whether `refuse_unsuited` lets the subject run on that stack."""
    return not _in_the_way(subject, stack)


def _in_the_way(subject: Subject, stack: Stack) -> list[str]:
    found = _of_another_company(subject, stack)
    return found or (_obstacles(subject, stack, session_of(stack)) if stack.official else [])


def untried(subject: Subject, session: str) -> list[str]:
    """What was never tried of the edition on which the subject would run in that session: French sentences."""
    editions = [stack for stack in editions_of_session(session) if stack.cms == subject.cms]
    return [f"{stack.id} : {stack.untried}." for stack in editions if stack.untried]


def _of_another_company(subject: Subject, stack: Stack) -> list[str]:
    if subject.context == stack.company:
        return []
    return [f"Son entreprise est « {subject.context} », et {stack.id} a celle de « {stack.company} »."]


def _obstacles(subject: Subject, stack: Stack, session: str) -> list[str]:
    found = []
    for question in subject.questions:
        for check in (row.check for row in question.wanted):
            where = f"La question {question.number} ({check.id})"
            if not is_on_the_list(check, session):
                found.append(f"{where} demande ce qui n'est pas dans la liste de la session {session}.")
            elif missing := [name for name in check.needs() if name not in stack.versions]:
                found.append(f"{where} demande ce que {stack.id} n'a pas : {quoted(missing)}.")
    return found
