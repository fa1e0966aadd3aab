"""Phrases by which people ask, as patterns over lower case without accents.

In order: the first topic whose pattern is found is what a clause is about.
"""

from __future__ import annotations

from typing import Final

from agents.conversation.phrasebook.findings import FINDINGS
from agents.conversation.phrasebook.outside import OUTSIDE
from agents.conversation.phrasebook.plainly import PLAINLY
from agents.conversation.phrasebook.roundabout import ROUNDABOUT
from agents.conversation.phrasebook.rules import RULES
from agents.conversation.phrasebook.service import SERVICE
from agents.conversation.topics import Topic

PHRASES: Final[tuple[tuple[Topic, str], ...]] = (RULES, *PLAINLY, *ROUNDABOUT, *OUTSIDE, *SERVICE, *FINDINGS)
