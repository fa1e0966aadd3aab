"""Phrases by which people ask, as patterns over lower case without accents.

In order: the first topic whose pattern is found is what a clause is about.
"""

from __future__ import annotations

from typing import Final

from agents.phrasebook.findings import FINDINGS
from agents.phrasebook.outside import OUTSIDE
from agents.phrasebook.plainly import PLAINLY
from agents.phrasebook.roundabout import ROUNDABOUT
from agents.phrasebook.rules import RULES
from agents.phrasebook.service import SERVICE
from agents.topics import Topic

PHRASES: Final[tuple[tuple[Topic, str], ...]] = (RULES, *PLAINLY, *ROUNDABOUT, *OUTSIDE, *SERVICE, *FINDINGS)
