"""How many words the block editor tells whoever writes: wp-includes/js/dist/wordcount.js of WordPress 6.4.

It is not what a reader counts: every tag is a line break, so that « l’<strong>atelier</strong> » is two words and what a
no-break space joins is one; what it leaves of emoji is a word.
"""

import re

_TAG = re.compile(r"</?[A-Za-z][^>]*?>")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_SPACE = re.compile("&nbsp;|&#160;", re.IGNORECASE)
_ENTITY = re.compile(r"&\S+?;")
_CONNECTOR = re.compile("--|\u2014")
#: Signs, not emoji; the spaces U+00A0 and U+2000 to U+200A are among them.
_REMOVED = re.compile(
    "[\u0021-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u007e\u0080-\u00bf\u00d7\u00f7\u2000-\u2bff\u2e00-\u2e7f]"
)
_END_OF_WORD = re.compile("[^\\s\ufeff][\\s\ufeff]+")


def words_in_editor(html: str) -> int:
    """The number that the editor shows for a content, from its HTML as the editor keeps it."""
    text = _SPACE.sub(" ", _COMMENT.sub("", _TAG.sub("\n", html)))
    text = _REMOVED.sub("", _CONNECTOR.sub(" ", _ENTITY.sub("", text)))
    return len(_END_OF_WORD.findall(f"{text}\n"))
