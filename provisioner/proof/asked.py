"""The steps that a proof is asked for: those of checks by their examples, and those of subjects."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from provisioner.core.model import Stack
from provisioner.host.companies import HOME
from provisioner.host.editions import session_of
from provisioner.proof.altered import altered_steps
from provisioner.proof.steps import Step, checks_of_subject, feasible, question_alone, steps_of
from provisioner.proof.stored_roads import stored_road_steps
from provisioner.proof.untouched import untouched_steps
from provisioner.subject.check import Check
from provisioner.subject.subjects import Subject, examples_for
from provisioner.subject.suitability import is_on_the_list


@dataclass(frozen=True)
class AskedCheck:
    """A check to prove; for `documents` and `built_on` see `Step`."""

    check: Check
    documents: tuple[Path, ...] = ()
    built_on: tuple[Check, ...] = ()

    def feasible(self, stack: Stack) -> bool:
        """Whether the edition's session asks for what the check proves, and it has what this and those below it need."""
        needed = all(feasible(check, stack) for check in (self.check, *self.built_on))
        return needed and is_on_the_list(self.check, session_of(stack))

    def steps(self) -> list[Step]:
        """Its steps."""
        return steps_of(self.check, self.documents, self.built_on)


def asked_checks(checks: Sequence[Check], subjects: Sequence[Subject]) -> list[AskedCheck]:
    """These checks, and those of these subjects with their documents."""
    of_subjects = [
        AskedCheck(check, subject.documents, built_on)
        for subject in subjects
        for check, built_on in checks_of_subject(subject)
    ]
    return [*map(AskedCheck, checks), *of_subjects]


def questions_alone(subject: Subject, stack: Stack) -> list[Step]:
    """The steps that do each question of a subject alone."""
    able = partial(feasible, stack=stack)
    return [question_alone(subject, question.number, able) for question in subject.questions]


def all_steps(stack: Stack, subjects: Sequence[Subject] = ()) -> list[Step]:
    """The steps of all checks that the edition can serve, by their examples and near them, and those of these subjects.

    Of a stack with another company than the home one, those of the subjects alone: the examples are the home company's.
    """
    session = session_of(stack)
    every = examples_for([], stack.cms) if stack.company == HOME else []
    examples = [check for check in every if is_on_the_list(check, session)]
    asked = asked_checks(examples, subjects)
    steps = [step for row in asked if row.feasible(stack) for step in row.steps()]
    steps += [step for subject in subjects for step in questions_alone(subject, stack)]
    return [
        *steps,
        *untouched_steps(examples, stack),
        *altered_steps(examples, stack),
        *stored_road_steps(examples, stack),
    ]
