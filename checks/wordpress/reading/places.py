"""A place inside a content: below one of its headings, at its beginning, at its end."""

from typing import Literal

from pydantic import BaseModel, Field

from checks.wordpress.reading.parts import Part
from provisioner.french.text import holds, nearly_same, same
from provisioner.subject.check import Verdict

#: So few words between a part and the beginning or the end of its content that a person has to say whether it is there.
_FEW = 25


class Placed(BaseModel):
    """Où quelque chose doit se trouver dans un contenu."""

    under: str = Field(
        "",
        description="Le titre du contenu sous lequel cela doit se trouver, jusqu’au titre suivant de même niveau ; vide : "
        "partout.",
    )
    at: Literal["", "début", "fin"] = Field(
        "", description="« début » : rien n’est écrit au-dessus ; « fin » : rien ne l’est au-dessous ; vide : partout."
    )

    @property
    def placed(self) -> bool:
        """Whether a place is asked for."""
        return bool(self.under or self.at)

    @property
    def place(self) -> str:
        """The place in French."""
        where = {"début": "au début du contenu", "fin": "à la fin du contenu"}
        return " et ".join(
            [f"sous le titre « {self.under} »"] * bool(self.under) + [where[one] for one in (self.at,) if one]
        )

    def place_of(self, part: Part) -> tuple[Verdict, str]:
        """Whether the part is there, and why a person has to say."""
        verdicts = [Verdict.MET]
        if self.under:
            if any(same(self.under, title) for title in part.under):
                verdicts.append(Verdict.MET)
            else:
                near = any(nearly_same(self.under, title) or holds(title, self.under) for title in part.under)
                verdicts.append(Verdict.TO_JUDGE if near else Verdict.NOT_MET)
        if self.at:
            words = part.before if self.at == "début" else part.after
            verdicts.append(Verdict.MET if not words else Verdict.TO_JUDGE if words <= _FEW else Verdict.NOT_MET)
        order = (Verdict.MET, Verdict.TO_JUDGE, Verdict.NOT_MET)
        verdict = max(verdicts, key=order.index)
        return verdict, "la place est à peu près celle qui est demandée"


def stands(part: Part) -> str:
    """Where a part stands in its content, in French."""
    title = f"sous le titre « {part.under[0]} »" if part.under else "avant tout titre"
    around = [(part.before, "au-dessus"), (part.after, "au-dessous")]
    # A picture counts as some words: no reader would find that number.
    said = [f"{'presque rien' if words else 'rien'} {where}" for words, where in around if words <= _FEW]
    return ", ".join([title, *(said or ["du texte au-dessus et au-dessous"])])
