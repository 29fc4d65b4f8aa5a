"""Words that stand in almost any report, whatever it is about; written by hand for this desk.

A window of news is often too small to show which of its words are rare. These two lists say it
beforehand of the words that are not: the little words of each language, and the words that every
newsroom uses. They need not be complete: a word that is missing is only weighed too much until the
window has shown it often.
"""

from __future__ import annotations

from functools import cache

LITTLE: dict[str, str] = {
    "en": (
        "the a an and or but nor so yet if then than that this these those there here it its he him "
        "his she her hers they them their theirs we us our ours you your yours i me my mine who whom "
        "whose which what when where why how of in on at to from by with without for about against "
        "between among into onto through during before after above below under over up down out off "
        "near since until till upon within across along around behind beside besides beyond per via "
        "as is are was were be been being am do does did done doing have has had having will would "
        "shall should can could may might must not no yes none nothing never ever always often also "
        "too very just only even still already again once more most less least much many few some "
        "any all both each every either neither other others another such same own else while "
        "because though although however whether not's don't didn't doesn't isn't wasn't weren't "
        "aren't won't wouldn't can't couldn't hasn't haven't hadn't it's that's there's he's she's "
        "they're we're you're i'm i've we've they've like now later earlier"
    ),
    "de": (
        "der die das den dem des ein eine einen einem einer eines und oder aber denn sondern wenn als "
        "wie ob dass weil da so er sie es ihn ihm ihr ihnen wir uns ihr euch ich mich mir du dich "
        "sein seine seinen seinem seiner ihre ihren ihrem ihrer unser unsere mein meine dieser diese "
        "dieses diesen diesem jener welche welcher wer was wo wann warum in im an am auf zu zum zur "
        "von vom mit bei beim aus nach vor für über unter um durch gegen ohne bis seit ab zwischen "
        "neben hinter ist sind war waren wird werden wurde wurden sei wäre worden hat haben hatte "
        "hatten habe kann können konnte soll sollen sollte muss müssen will wollen darf dürfen nicht "
        "kein keine keinen auch nur noch schon sehr mehr viel viele wieder immer nie man sich selbst "
        "alle alles andere anderen dann dort hier jetzt damit davon dazu dabei doch jedoch etwa rund"
    ),
    "es": (
        "el la los las un una unos unas y e o u pero sino si que como cuando donde porque aunque "
        "mientras de del a al en con por para sin sobre entre hasta desde hacia contra según ante "
        "bajo tras su sus mi mis tu tus nuestro nuestra este esta estos estas ese esa esos esas "
        "aquel aquella esto eso lo le les se me te nos yo él ella ellos ellas quien cual es son era "
        "eran fue fueron ser sido está están estaba estar ha han había haber hay puede pueden podrá "
        "debe deben no ni ya muy más menos mucho muchos poco todo toda todos todas otro otra otros "
        "otras también además sólo solo así entonces aún cada mismo misma tan tanto"
    ),
    "fr": (
        "le la les l un une des du de d et ou mais donc or ni car si que qu qui quoi dont où quand "
        "comme pour par avec sans sur sous dans en entre vers chez contre depuis jusque avant après "
        "pendant à au aux ce cet cette ces son sa ses leur leurs mon ma mes notre nos votre vos il "
        "elle ils elles on nous vous je tu lui se s y est sont était étaient être été a ont avait "
        "avaient avoir eu fait peut peuvent doit doivent sera ne n pas plus moins très bien aussi "
        "encore déjà même tout toute tous toutes autre autres alors ainsi afin selon c'est"
    ),
    "it": (
        "il lo la i gli le un uno una e ed o ma se che chi cui come quando dove perché di del dello "
        "della dei degli delle a al allo alla ai agli alle da dal dalla in nel nella nei con su sul "
        "sulla per tra fra senza contro è sono era erano essere stato stata ha hanno aveva avere può "
        "deve non né più meno molto anche ancora già solo suo sua suoi sue loro questo questa questi "
        "queste quello quella si ci lui lei tutti tutto altro altri così dopo prima"
    ),
    "pt": (
        "o a os as um uma uns umas e ou mas se que quem como quando onde porque de do da dos das em "
        "no na nos nas por pelo pela para com sem sobre entre até desde contra é são era eram foi "
        "foram ser sido está estão tem têm tinha haver há pode podem deve não nem mais menos muito "
        "também ainda já só seu sua seus suas este esta esse essa isso ele ela eles elas todo todos "
        "outro outros após antes"
    ),
    "nl": (
        "de het een en of maar want als dat die dit deze hij zij ze het hem haar hun wij we ons ik "
        "je u van in op aan te naar uit bij met voor door over onder tegen tussen om tot na sinds "
        "zonder is zijn was waren wordt worden werd werden heeft hebben had hadden kan kunnen kon "
        "zal zullen zou moet moeten wil niet geen ook nog al wel meer veel er hier daar zich wie wat "
        "waar wanneer hoe dan toen zo"
    ),
}
"""By language: about one report in three has each of these words."""

NEWSY: dict[str, str] = {
    "en": (
        "say says said told tells tell asked ask added according report reports reported reporter "
        "reporters news media press statement spokesman spokeswoman spokesperson official officials "
        "source sources interview people person man men woman women child children family friends "
        "group groups member members team public government state states country countries world "
        "national international local city town area community company companies business market "
        "money million billion thousand hundred percent cent dollars euros pounds year years month "
        "months week weeks day days hour hours minutes today yesterday tomorrow morning afternoon "
        "evening night monday tuesday wednesday thursday friday saturday sunday january february "
        "march april june july august september october november december time times date first "
        "second third last next new old long short high low big small large great good bad better "
        "best worse worst early late recent recently current currently former future past one two "
        "three four five six seven eight nine ten half number part end start begin began begun place "
        "home house office work working worked job way case question problem issue plan plans "
        "planned decision move step change changes result reason fact point make makes made making "
        "take takes took taken taking get gets got give gives gave given go goes going went gone "
        "come comes came coming see saw seen show shows showed shown know knows knew known think "
        "thinks thought want wants wanted need needs needed use uses used using find finds found "
        "keep kept put set let look looks looked looking seem seems seemed call calls called name "
        "named expect expected hope hopes try tried help helped include includes included including "
        "become became remain remains leave leaves left lead led leader leaders head chief president "
        "minister director leading open opened close closed run running hold held bring brought pay "
        "paid cost costs price buy sell deal law court police party vote war right rights against "
        "least nearly almost several whole far back ahead away together further must well really "
        "actually likely possible able available important major main own top free full real sure "
        "life story read photo video image comment follow subscribe click share via ago"
    ),
    "de": (
        "sagte sagt sagen teilte mitteilte erklärte berichtet berichtete bericht nach angaben laut "
        "sprecher sprecherin behörde behörden regierung land länder stadt menschen mensch mann frau "
        "kinder leute gruppe jahr jahre jahren jahres monat monate woche wochen tag tage tagen uhr "
        "stunden minuten heute gestern morgen abend nacht montag dienstag mittwoch donnerstag freitag "
        "samstag sonntag januar februar märz april mai juni juli august september oktober november "
        "dezember million millionen milliarde milliarden prozent euro dollar erste ersten erster "
        "zweite zweiten letzten nächsten neue neuen neuer neues alte große großen kleine gut besser "
        "eins zwei drei vier fünf sechs sieben acht neun zehn hälfte teil ende anfang fall frage plan "
        "zeit welt unternehmen firma geld markt arbeit macht machen gibt geben geht gehen kommt "
        "kommen steht stehen bleibt bleiben weiter bereits zuletzt bisher künftig"
    ),
    "es": (
        "dijo dice señaló explicó informó según declaró añadió portavoz gobierno país países ciudad "
        "personas persona hombre mujer niños grupo año años mes meses semana semanas día días hora "
        "horas hoy ayer mañana noche lunes martes miércoles jueves viernes sábado domingo enero "
        "febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre millón "
        "millones mil por ciento euros dólares primer primera segundo último última nuevo nueva "
        "nuevos nuevas gran grande mayor mejor dos tres cuatro cinco seis siete ocho nueve diez parte "
        "vez veces mundo empresa empresas mercado dinero trabajo caso plan tiempo hacer hace hizo "
        "tiene tienen tenía dar va van llegar decir"
    ),
    "fr": (
        "dit déclaré indiqué expliqué ajouté annoncé selon porte-parole gouvernement pays ville "
        "personnes personne homme femme enfants groupe an ans année années mois semaine semaines "
        "jour jours heure heures hier demain matin soir nuit lundi mardi mercredi jeudi vendredi "
        "samedi dimanche janvier février mars avril mai juin juillet août septembre octobre novembre "
        "décembre million millions milliard milliards cent euros dollars premier première second "
        "dernier dernière nouveau nouvelle nouveaux grand grande deux trois quatre cinq six sept "
        "huit neuf dix partie fois monde entreprise entreprises marché argent travail temps cas plan "
        "faire mettre prendre"
    ),
}
"""By language: about one report in fifteen has each of these words."""


@cache
def common(language: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the little and the newsy words of ``language``; of all languages if it has none."""
    languages = {language} & LITTLE.keys() or LITTLE.keys()
    little = frozenset(word for name in languages for word in LITTLE[name].split())
    newsy = frozenset(word for name in languages for word in NEWSY.get(name, "").split())
    return little, newsy - little
