"""Whether a text that a candidate wrote says what a question asks, as far as a program can decide."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from provisioner.french.negation import denied
from provisioner.french.reported import not_said, sentence_with
from provisioner.french.text import holds, nearly_holds, quoted, shortened
from provisioner.subject.check import Verdict

#: What stands for what is left out of a sentence.
_OMITTED = "[…]"
#: Where `negation` cuts a sentence.
_LONGEST = 200


@dataclass(frozen=True)
class Wording:
    """A text and what is to stand in it: the words that are missing, and the sentences that may deny those that are there.

    `forbidden` are the sentences with words that it was not to say.
    """

    verdict: Verdict
    missing: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()

    @property
    def remark(self) -> str:
        """What a person has to read, as a sentence of its own; nothing where a program decided."""
        said = f" À lire, ce qui peut dire autre chose : {quoted(self.unclear)}." if self.unclear else ""
        return said + (f" À lire, ce qui n’était pas à dire : {quoted(self.forbidden)}." if self.forbidden else "")

    def remark_beside(self, text: str) -> str:
        """The remark where the whole text is quoted before it: a text that is one such sentence isn't quoted again."""
        if [shortened(one) for one in self.unclear] != [shortened(text)]:
            return self.remark
        return f" À lire : ce texte peut dire autre chose.{replace(self, unclear=()).remark}"


def wording(text: str, elements: Sequence[str], forbidden: Sequence[str] = ()) -> Wording:
    """Whether a text plainly says all of the elements; a slip of the pen, and what may deny them, are for a person.

    So is a text that has words which it was not to say: a program can't tell whether it says or denies them.
    """
    missing = tuple(one for one in elements if not holds(text, one))
    doubtful = [_whole(_doubtful(text, one, elements), text, elements) for one in elements if one not in missing]
    unclear = tuple(dict.fromkeys(filter(None, doubtful)))
    wrong = tuple(dict.fromkeys(sentence_with(text, one) or one for one in forbidden if holds(text, one)))
    if missing:
        nearly = bool(text.strip()) and all(nearly_holds(text, one) for one in missing)
        return Wording(Verdict.TO_JUDGE if nearly else Verdict.NOT_MET, missing, unclear, wrong)
    return Wording(Verdict.TO_JUDGE if unclear or wrong else Verdict.MET, (), unclear, wrong)


def _doubtful(text: str, wanted: str, elements: Sequence[str]) -> str:
    """The sentence that may not say the wanted words; what the others of the elements say in it denies nothing."""
    plain = _alone(text, wanted, elements)
    return denied(plain, wanted, message=True) or not_said(plain, wanted)


def denials(text: str, elements: Sequence[str]) -> list[str]:
    """The sentences of a presentation, which talks to anybody and so may ask and set conditions, that may deny its elements."""
    held = [one for one in elements if holds(text, one)]
    doubtful = [_whole(denied(_alone(text, one, elements), one), text, elements) for one in held]
    return list(dict.fromkeys(filter(None, doubtful)))


def _alone(text: str, wanted: str, elements: Sequence[str]) -> str:
    """The text without the other elements."""
    others = [re.escape(one) for one in elements if one != wanted and not holds(one, wanted)]
    # The mark of an omission, which ends no sentence.
    return re.sub("|".join(others), _OMITTED, text, flags=re.IGNORECASE) if others else text


def _whole(said: str, text: str, elements: Sequence[str]) -> str:
    """A sentence that was read without the other elements, as it stands in the text: one for all that it may deny."""
    if _OMITTED not in said:
        return said
    cut = said.endswith(" …")
    any_element = f"(?:{'|'.join(map(re.escape, elements))})"
    words = [re.escape(word).replace(re.escape(_OMITTED), any_element) for word in said.removesuffix(" …").split()]
    found = re.search(r"\s+".join(words), text, flags=re.IGNORECASE)
    if not found:
        return said
    # Where it was cut depended on what was left out.
    line = " ".join(text[found.start() : None if cut else found.end()].split())
    return f"{line[:_LONGEST].rsplit(' ', 1)[0]} …" if cut else line
