"""An examination's findings as JUnit XML, for those who collect results with other tools."""

from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree

from provisioner.core.model import Verdict

#: How JUnit says it: only what the candidate didn't do is a failure, a fault of ours is an error.
_ELEMENT = {
    Verdict.NOT_MET: "failure",
    Verdict.BLOCKED: "error",
    Verdict.BROKEN: "error",
    Verdict.TO_JUDGE: "skipped",
}


def junit(documents: Sequence[Mapping[str, Any]]) -> bytes:
    """One suite per station, one case per fact; the candidate by his number alone, since names stay on this machine."""
    root = ElementTree.Element("testsuites", name="e5b")
    for document in documents:
        suite = ElementTree.SubElement(
            root, "testsuite", name=document["station"], timestamp=document["taken_at"], time=str(document["seconds"])
        )
        if number := (document.get("candidate") or {}).get("number"):
            known = ElementTree.SubElement(suite, "properties")
            ElementTree.SubElement(known, "property", name="candidate", value=_plain(number))
        count = dict.fromkeys(("failure", "error", "skipped"), 0)
        cases = 0
        for question in document["questions"]:
            for check in question["checks"]:
                for one in check["findings"]:
                    cases += 1
                    case = ElementTree.SubElement(
                        suite,
                        "testcase",
                        classname=f"{document['subject']}.question-{question['number']}.{check['id']}",
                        name=_plain(one["fact"].partition("/")[2]),
                    )
                    verdict = Verdict(one["verdict"])
                    if element := _ELEMENT.get(verdict):
                        count[element] += 1
                        told = ElementTree.SubElement(case, element, message=verdict.french)
                        told.text = _plain(f"attendu : {one['expected']}\nobservé : {one['observed']}")
        suite.attrib |= {
            "tests": str(cases),
            "failures": str(count["failure"]),
            "errors": str(count["error"]),
            "skipped": str(count["skipped"]),
        }
    ElementTree.indent(root)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _plain(text: str) -> str:
    """The text without the characters that XML doesn't have."""
    return "".join(
        letter
        if letter in "\t\n" or (letter >= " " and not "\ud800" <= letter <= "\udfff" and letter not in "\ufffe\uffff")
        else "�"
        for letter in text
    )
