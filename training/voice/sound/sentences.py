"""Sentences for the voices that training makes itself: everyday speech, in languages that espeak-ng can spell out."""

from __future__ import annotations

from typing import Final

SENTENCES: Final[dict[str, tuple[str, ...]]] = {
    "en-us": (
        "I never said that the meeting was cancelled, only that it might be moved.",
        "We looked at the figures twice, and they still do not add up.",
        "Could you send me the address again before six o'clock?",
        "The bridge will be closed to traffic until the end of next month.",
        "My sister bought that old piano for almost nothing.",
        "Nobody expected the storm to turn north so quickly.",
        "Please remember to lock the side door when you leave.",
        "He answered every question, but he did not look at us once.",
        "A quiet street can be louder at night than a busy one by day.",
        "They promised to publish the whole report by Friday.",
        "What happened after the lights went out?",
        "The doctor says that a short walk every morning is enough.",
        "We have enough bread, but the milk is finished.",
        "It was the first time that she had spoken in public.",
        "Turn left behind the station and follow the river.",
        "There is no easy way to say this, so I will be brief.",
    ),
    "en-gb": (
        "The committee has agreed to hear both sides in the autumn.",
        "I would rather wait for the next train than run for this one.",
        "Nothing in that letter was meant to hurt anybody.",
        "The garden has been neglected for at least three summers.",
        "Our neighbours keep chickens, and one of them escaped again.",
        "You can borrow the ladder as long as you bring it back.",
        "Fourteen people were invited, but only nine turned up.",
        "The minister refused to comment on the cost of the project.",
    ),
    "de": (
        "Der Zug nach Hamburg fährt heute ausnahmsweise von Gleis sieben.",
        "Ich habe den Schlüssel bestimmt auf dem Küchentisch liegen lassen.",
        "Niemand weiß genau, wann die neue Brücke fertig wird.",
        "Kannst du mir bitte morgen früh die Unterlagen schicken?",
        "Das Konzert war ausverkauft, aber wir hatten Glück.",
        "Sie hat jahrelang in einer kleinen Stadt am Meer gewohnt.",
    ),
    "fr-fr": (
        "Je vous rappelle demain matin pour confirmer le rendez-vous.",
        "Il a plu toute la nuit, mais le jardin en avait besoin.",
        "Personne ne savait pourquoi la porte était restée ouverte.",
        "Nous avons mangé dans un petit restaurant près du port.",
        "La réunion commence à neuf heures, comme d'habitude.",
        "Elle parle trois langues et en apprend une quatrième.",
    ),
    "es": (
        "Mañana por la tarde vamos a visitar a mis abuelos.",
        "No recuerdo dónde dejé las llaves del coche.",
        "El mercado abre muy temprano y cierra al mediodía.",
        "Todos los vecinos vinieron a ayudarnos con la mudanza.",
        "La película fue más larga de lo que esperábamos.",
        "Hace años que no nevaba tanto en este pueblo.",
    ),
    "it": (
        "Domani mattina prendiamo il primo treno per Bologna.",
        "Non mi ricordo mai come si chiama quella piazza.",
        "La cena era ottima, ma il servizio un po' lento.",
        "Mio fratello lavora in una libreria vicino al fiume.",
        "Hanno chiuso la strada per colpa della neve.",
    ),
    "pt": (
        "Amanhã cedo vamos caminhar até a praia.",
        "Ninguém percebeu que a janela estava aberta.",
        "O jantar está quase pronto, falta só a salada.",
        "Ela escreveu uma carta e nunca a enviou.",
    ),
    "pl": (
        "Jutro rano jedziemy nad morze, jeśli pogoda pozwoli.",
        "Nikt nie wiedział, dlaczego sklep był zamknięty.",
        "Moja siostra uczy się grać na skrzypcach.",
    ),
}
