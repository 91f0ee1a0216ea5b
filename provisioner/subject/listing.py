"""All subjects as they are listed: those of the program and of the centre's folder."""

from dataclasses import asdict, dataclass
from pathlib import Path

from provisioner.core.errors import ConfigurationError, Refusal
from provisioner.host.editions import editions_chosen, with_company
from provisioner.host.settings import Settings
from provisioner.subject.subjects import load_subject, subject_files
from provisioner.subject.suitability import suited_sessions, suits


@dataclass(frozen=True)
class ListedSubject:
    """A subject as `e5b subject list` shows it.

    `edition` is that of the settings with its company, empty where it doesn't suit that; `sessions` are those that it suits;
    `mistake` says why it can't be used, and its title is empty then.
    """

    id: str
    edition: str
    title: str
    file: Path
    sessions: tuple[str, ...] = ()
    mistake: str = ""

    def document(self) -> dict[str, object]:
        """It in JSON."""
        return {**asdict(self), "file": str(self.file), "valid": not self.mistake, "mistake": self.mistake or None}


def listed_subjects(settings: Settings) -> list[ListedSubject]:
    """Every subject, with the edition of its stations and whether it is valid."""
    editions = {stack.cms: stack for stack in editions_chosen(settings)}
    listed = []
    for path in subject_files():
        try:
            subject = load_subject(str(path))
        except (ConfigurationError, Refusal) as error:
            listed.append(ListedSubject(path.parent.name, "", "", path, mistake=str(error)))
            continue
        edition = editions.get(subject.cms)
        suited = tuple(suited_sessions(subject))
        stack = with_company(edition, subject.context) if edition else None
        runs = stack.id if stack and suits(subject, stack) else ""
        listed.append(ListedSubject(subject.id, runs, subject.title, path, suited))
    return listed
