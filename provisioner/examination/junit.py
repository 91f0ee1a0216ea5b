"""An examination's findings as JUnit XML, for those who collect results with other tools."""

from collections.abc import Sequence
from xml.etree import ElementTree

from provisioner.core.model import Verdict
from provisioner.examination.document import ExaminationDocument, FindingDocument

#: JUnit's element for each verdict: only what the candidate didn't do is a failure, a fault of e5b's is an error.
_ELEMENT = {
    Verdict.NOT_MET: "failure",
    Verdict.BLOCKED: "error",
    Verdict.BROKEN: "error",
    Verdict.TO_JUDGE: "skipped",
}


def junit(documents: Sequence[ExaminationDocument]) -> bytes:
    """One suite per station and one case per fact.

    The candidate is named by number alone: such files are passed on, and names stay on this machine.
    """
    root = ElementTree.Element("testsuites", name="e5b")
    for document in documents:
        _add_suite(root, document)
    ElementTree.indent(root)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _add_suite(root: ElementTree.Element, document: ExaminationDocument) -> None:
    suite = ElementTree.SubElement(
        root, "testsuite", name=document["station"], timestamp=document["taken_at"], time=str(document["seconds"])
    )
    candidate = document.get("candidate")
    if candidate and (number := candidate["number"]):
        properties = ElementTree.SubElement(suite, "properties")
        ElementTree.SubElement(properties, "property", name="candidate", value=_plain(number))
    count = dict.fromkeys(("failure", "error", "skipped"), 0)
    cases = 0
    for question in document["questions"]:
        for check in question["checks"]:
            for finding in check["findings"]:
                cases += 1
                name = f"{document['subject']}.question-{question['number']}.{check['id']}"
                if element := _add_case(suite, name, finding):
                    count[element] += 1
    suite.attrib |= {
        "tests": str(cases),
        "failures": str(count["failure"]),
        "errors": str(count["error"]),
        "skipped": str(count["skipped"]),
    }


def _add_case(suite: ElementTree.Element, name: str, finding: FindingDocument) -> str:
    """Add a case to the suite; the element that tells its verdict, empty where the fact is met."""
    case = ElementTree.SubElement(suite, "testcase", classname=name, name=_plain(finding["fact"].partition("/")[2]))
    verdict = Verdict(finding["verdict"])
    element = _ELEMENT.get(verdict, "")
    if element:
        reason = ElementTree.SubElement(case, element, message=verdict.french)
        reason.text = _plain(f"attendu : {finding['expected']}\nobservé : {finding['observed']}")
    return element


def _plain(text: str) -> str:
    """The text, with a replacement for characters that XML doesn't allow."""
    return "".join(
        letter
        if letter in "\t\n" or (letter >= " " and not "\ud800" <= letter <= "\udfff" and letter not in "\ufffe\uffff")
        else "�"
        for letter in text
    )
