"""What asks for other rules, for a result, or for what belongs to somebody else."""

from __future__ import annotations

from typing import Final

from agents.conversation.topics import Topic

RULES: Final[tuple[Topic, str]] = (
    Topic.RULES,
    r"\b(?:ignore|disregard|forget|override|bypass) (?:\w+ ){0,4}(?:rules?|instructions?|prompts?|polic\w+"
    r"|guidelines?|above|evidence|thresholds?|verdict|everything)\b|\bsystem[ _-]?prompt\b|\b(?:your|the|hidden"
    r"|initial|developer) (?:prompt|instructions|rules)\b|\byou are (?:now|no longer)\b|\bpretend\b|\bact as\b"
    r"|\brole-?play\b|\bjailbreak\b|\bdeveloper mode\b|\bdan mode\b"
    r"|(?<!safe to )(?<!can we )(?<!can i )(?<!fair to )(?<!you )(?<!they )(?<!it )(?<!does )(?<!did )"
    r"(?<!would )(?<!report )(?<!people )\b(?:just )?(?:say|write|answer|report|tell (?:me|them|everyone)|claim"
    r"|reply|respond|output|print)(?: me)? (?:only )?(?:that )?(?:it|this|the (?:video|file|verdict))?(?:'?s"
    r"| is| was)? ?(?:\"|')?(?:real|fake|authentic|genuine|clean|manipulated)\b|\b(?:change|set|flip|edit|alter"
    r"|update|overwrite|switch|raise|lower|fix) (?:the|your|this|that|its|my|all) (?:\w+ )?(?:verdict|score"
    r"|result|threshold|evidence|outcome|report)\w*|\b(?:make|mark) (?:it|this|the \w+) (?:as )?(?:real|fake"
    r"|genuine|authentic|inconclusive)\b|\b(?:verdict|score|result|threshold) (?:to|=|:=) ?\"?(?:real|fake|\d)"
    r"|\b(?:other|another|all|every|someone else'?s?|somebody else'?s?|else'?s) (?:user|customer|client"
    r"|owner)'?s?\b|\b(?:other|another|someone|somebody|everybody|everyone)(?: else)?'?s? (?:analys\w+|uploads?"
    r"|files?|conversations?|reports?|videos?)\b|\b(?:someone|somebody|everyone) else'?s\b|\ban_[0-9a-f]{4,}"
    r"|\bcv_[0-9a-f]{4,}|\bdelete\b|\bdrop table\b|\bselect \*|\bapi[ _-]?keys?\b|\bpasswords?\b|\b(?:env"
    r"|environment) variables?\b|\bsecrets?\b|<\/?(?:system|untrusted|tool|script)|\[(?:system|inst)|\bsystem:"
    r"|\bassistant:|\bignorier\w*|\bignorez?\b|\bignora\w*\b|\bzignoruj\w*|\bnegeer\b|\bvergiss (?:deine|alle)"
    r"|\boublie (?:tes|toutes)|\bolvida (?:tus|las|todas)|\bdimentica (?:le|tutte)|\bsag(?:e"
    r"|t)? (?:einfach )?(?:dass )?(?:es|das video)? ?(?:ist |sei )?echt\b|\b(?:dis|dites) (?:que )?(?:c'est"
    r"|la video est) (?:vrai|reel)|\bdi que (?:es|el video es) (?:real|verdader\w+)|\bbase64\b|\brot13\b"
    r"|\bcurl\b|\bos\.system\b|\bexec(?:ute)?\b \w+|\bcall (?:the )?\w+ tool\b|\buse (?:the )?\w+ tool\b"
    r"|\btool_call\b|\bmust (?:say|answer|report|output)\b|\bsudo\b|\badmin(?:istrator)?\b|\bdebug mode\b"
    r"|\brm -rf\b|\b(?:repeat|print|show|reveal|output) (?:me )?(?:the |all )?(?:\w+ )?(?:text|words|everything"
    r"|lines?|instructions?|prompt) above\b|\bas (?:an? )?(?:admin|root|developer|owner|your creator)\b"
    r"|\bi (?:order|command) you\b",
)
