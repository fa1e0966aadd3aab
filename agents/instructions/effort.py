"""How hard an instruction wants the file looked at, and whether it wants to be told why."""

from __future__ import annotations

from typing import Final

from agents.instructions.patterns import Pattern

QUICK: Final = Pattern(
    r"(?<!\w)(?:quick\w*|fast|rough\w*|brief\w*|hurry|asap|urgent\w*|schnell\w*|kurz\w*|fluchtig\w*|rapide\w*|vite"
    r"|rapid\w+|veloc\w+|snel\w*|vlug\w*"
    r"|szybk\w+|snabb\w*|hurtig\w*|glance|skim\w*|sommaire|grob\w*|pressed for time|eilig|presse|prisa|fretta|pressa"
    r"|haast|spiesz\w*)(?!\w)"
)
THOROUGH: Final = Pattern(
    r"(?<!\w)(?:thorough\w*|careful\w*|harder|closer|closely|deep(?:er|ly)?|detail\w*|every (?:single )?frame"
    r"|frame by frame|take your time|meticulous\w*|as long as it takes"
    r"|genau\w*|grundlich\w*|gruendlich\w*|sorgfaltig\w*|soigneus\w+|minutieu\w*|attenti\w+|detall\w+|cuidad\w+"
    r"|dettagli\w+|meglio|mejor|melhor|mieux|beter"
    r"|detalh\w+|grondig\w*|zorgvuldig\w*|dokladn\w+|uwazn\w+|noggrant?|grundigt|a fond|a fondo|de pres|de cerca"
    r"|da vicino|de perto)(?!\w)"
)
NO_EXPLANATIONS: Final = Pattern(
    r"(?<!\w)(?:(?:no|without|skip|omit|don't need|do not need|spare me) (?:the |any )?(?:heat-? ?maps?|explanations?"
    r"|maps|plots|charts)"
    r"|(?:just|only) the verdict|verdict only|nothing but the verdict|(?:keine|ohne) (?:heatmaps?|erklarung\w*|karten)"
    r"|nur das urteil"
    r"|(?:sans|pas d[e']) ?(?:cartes?|explications?|heatmaps?)|seulement le verdict|sin (?:mapas?|explicaciones)"
    r"|solo el veredicto"
    r"|senza (?:mappe|spiegazioni)|solo il verdetto|sem (?:mapas?|explicacoes)|so o veredito|zonder (?:uitleg|kaarten"
    r"|heatmaps?)"
    r"|bez (?:wyjasnien|map))(?!\w)"
)
"""Wants to know what, and not why."""
