"""Social networks: those that a question asks for, and which of them a list of links leads to."""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field

from checks.wordpress.reading.contents import leads_to
from checks.wordpress.reading.wording import leads, of_quoted
from provisioner.french.text import holds
from provisioner.subject.check import WantedText

#: Networks by which a link that leads to another is misnamed.
_KNOWN = ("Facebook", "Instagram", "LinkedIn", "Pinterest", "Snapchat", "TikTok", "WhatsApp", "YouTube")
#: What is said of a network that no link names.
_ABSENT = " n’y est pas"


class SocialNetwork(BaseModel):
    """Un réseau social : son nom et l’adresse de la page de l’entreprise."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: WantedText = Field(description="Le nom du réseau : « Facebook », « Instagram »…")
    url: str = Field(pattern=r"^https?://", description="L’adresse de la page de l’entreprise sur ce réseau.")


#: The links of one menu: title and address of each.
Links = Sequence[tuple[str, str]]


def missing(networks: Sequence[SocialNetwork], links: Sequence[tuple[str, str]], site: str) -> list[str]:
    """What is wrong of each network among these links (title, address): absent, or another's address."""
    faults = []
    for network in networks:
        others = [other.name for other in networks if other is not network]
        there = [title for title, address in links if leads_to(address, network.url, site)]
        own = [address for title, address in links if holds(title, network.name)]
        if not there:
            faults.append(leads(network.name, own[0]) if own else f"« {network.name} »{_ABSENT}")
        elif all(_names(title, others) and not holds(title, network.name) for title in there):
            faults.append(f"« {there[0]} » mène à l’adresse {of_quoted(network.name)}")
    return faults


def joined(faults: Sequence[str]) -> list[str]:
    """The same for a sentence: those that are absent in one.

    >>> joined(["« A » n’y est pas", "« B » ne mène nulle part", "« C » n’y est pas"])
    ['« A », « C » n’y sont pas', '« B » ne mène nulle part']
    """
    absent = [fault.removesuffix(_ABSENT) for fault in faults if fault.endswith(_ABSENT)]
    if len(absent) < 2:
        return list(faults)
    return [f"{', '.join(absent)} n’y sont pas", *(fault for fault in faults if not fault.endswith(_ABSENT))]


def doubtful(networks: Sequence[SocialNetwork], links: Sequence[tuple[str, str]], site: str) -> list[str]:
    """What a person has to look at: a network under the name or the icon of one that wasn't asked for."""
    doubts = []
    for network in networks:
        there = [title for title, address in links if leads_to(address, network.url, site)]
        known = [one for one in _KNOWN if not holds(network.name, one)]
        if there and all(_names(title, known) and not holds(title, network.name) for title in there):
            doubts.append(f"« {there[0]} » mène à l’adresse {of_quoted(network.name)}")
    return doubts


def _names(title: str, networks: Sequence[str]) -> bool:
    return any(holds(title, name) for name in networks)


def present(networks: Sequence[SocialNetwork], links: Sequence[tuple[str, str]], site: str) -> int:
    """How many of the networks these links name or lead to, whatever is wrong of them."""
    return sum(
        any(leads_to(address, one.url, site) or holds(title, one.name) for title, address in links) for one in networks
    )
