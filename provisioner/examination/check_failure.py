"""What stopped a check or a candidate's way, in French, and in the words of the library."""

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from provisioner.core.errors import ProvisionerError


def stopped_by(error: Exception) -> str:
    """What stopped a candidate's way, as the end of a French sentence that quotes the library."""
    detail = "" if isinstance(error, ProvisionerError) else f" (détail : {detail_of(error)})"
    return reason_of(error) + detail


def reason_of(error: Exception) -> str:
    """What stopped a check or a candidate's way, as the end of a sentence that is French alone."""
    if isinstance(error, ProvisionerError):
        return str(error).rstrip(".")
    if isinstance(error, PlaywrightTimeout):
        return "une page ou un élément attendu n’est pas venu à temps"
    if isinstance(error, PlaywrightError):
        closed = "closed" in str(error).partition("\n")[0]
        return "le navigateur s’est fermé" if closed else "le navigateur n’a pas pu faire ce qui était demandé"
    return "une erreur de son programme"


def detail_of(error: Exception) -> str:
    """The library's own words, in one line, for whoever mends it."""
    return f"{type(error).__name__} {(str(error).splitlines() or [''])[0][:240].rstrip('.')}"
