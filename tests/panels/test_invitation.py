"""An empty sequence: what to do fits what the network reads."""

from rnnviz.panels.invitation import invitation
from tests.document import documents


def test_words_are_typed_and_numbers_are_added() -> None:
    assert invitation(documents.empty()) == "Type a sentence"
    assert invitation(documents.no_vectors()) == "Add a step"
