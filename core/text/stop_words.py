"""Function words that lists may hide. They are never taken out of training: contexts need them."""

_ENGLISH = """
a about above after again against all also am an and any are aren't as at be because been before being below between
both but by can can't cannot could couldn't did didn't do does doesn't doing don't down during each few for from
further had hadn't has hasn't have haven't having he her here hers herself him himself his how i if in into is isn't
it its itself just ll me more most mustn't my myself no nor not now of off on once only or other our ours ourselves out
over own re s same shan't she should shouldn't so some such t than that the their theirs them themselves then there
these they this those through to too under until up ve very was wasn't we were weren't what when where which while who
whom why will with won't would wouldn't you your yours yourself yourselves 's n't 're 've 'll 'd 'm ca wo sha
"""
_OTHERS = {
    "German": "der die das und in den von zu mit sich des auf für ist im dem nicht ein eine als auch es an werden aus "
    "er hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur "
    "bis mehr durch man sein wurde sei ich wir ihr",
    "French": "de la le les et des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont avec son "
    "ses ou mais comme on aux elle cette ont été leur y nous vous je",
    "Spanish": "de la que el en y a los se del las un por con no una su para es al lo como más o pero sus le ha me si "
    "sin sobre este ya entre cuando todo esta ser son dos también fue había era muy",
    "Italian": "di che e la il un a per in una non del le si della con sono da dei al ha i lo alla più gli nel anche "
    "come ma dal delle nella se ci o ed è",
    "Portuguese": "de a o que e do da em um para com não uma os no se na por mais as dos como mas ao ele das à seu sua "
    "ou quando muito nos já eu também só pelo pela até",
    "Dutch": "de van een het en in is dat op te zijn voor met die niet aan er om ook als bij door over maar hij ze uit "
    "nog naar dan wordt heeft was worden tot ik je",
}


def stop_words(language: str | None) -> frozenset[str]:
    """Function words of a language by its English name; those of English where it is not known."""
    return frozenset(_OTHERS.get(language or "", _ENGLISH).split())
