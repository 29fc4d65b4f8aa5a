"""Persons: given names and titles, so that "Elizabeth Blackwell" is somebody where every word has
a capital. Written by hand, of many languages; they need not be complete.
"""

from __future__ import annotations

GIVEN = frozenset(
    (
        # English and Celtic
        "aaron adam adrian aidan alan albert alex alexander alfred alice alison allan allen amanda amber "
        "amy andrea andrew andy angela angus anita ann anna anne annie anthony archie arnold arthur ashley "
        "austin barbara barry beatrice becky ben benjamin benny bernard beth betty beverly bill billy bob "
        "bobby brad bradley brandon brenda brett brian bridget bruce bryan caitlin callum calvin cameron "
        "carl carol caroline catherine cathy charles charlie charlotte chloe chris christian christina "
        "christine christopher cindy claire clara clarence clark clive colin connor craig curtis cynthia "
        "dale daniel danny darren dave david dawn dean deborah debbie denis dennis derek diana diane dick "
        "don donald donna doris dorothy doug douglas duncan dylan earl ed eddie edgar edith edmund edward "
        "edwin eileen elaine eleanor elizabeth ella ellen elliot emily emma eric erica ernest ethan eugene "
        "eva evan eve evelyn fiona florence frances francis frank fred freddie frederick gareth gary gavin "
        "gemma geoff geoffrey george gerald gerry gillian gina glen glenn gloria gordon graham grant greg "
        "gregory guy gwen hannah harold harriet harry harvey hazel heather helen henry herbert holly howard "
        "hugh ian irene iris isaac isabel isabella ivan jack jackie jacob jake james jamie jan jane janet "
        "janice jasmine jason jay jean jeff jeffrey jennifer jenny jeremy jerry jesse jessica jill jim jimmy "
        "joan joanna joanne joe joel john johnny jon jonathan jordan joseph josephine josh joshua joy joyce "
        "judith judy julia julian julie june justin karen kate katherine kathleen kathy katie keith kelly "
        "ken kenneth kenny kerry kevin kim kirk kirsty kyle lance larry laura lauren lawrence leah lee leo "
        "leonard leslie lewis liam lillian lily linda lisa liz lloyd logan lois louis louise lucas lucy luke "
        "lynn malcolm marcus margaret maria marie marilyn marion mark martha martin marvin mary mason matt "
        "matthew maureen maurice max megan melanie melissa michael michelle mick mike miles molly monica "
        "morgan nancy naomi natalie natasha nathan neil nicholas nick nicola nicole nigel noah noel norma "
        "norman oliver olivia oscar owen pamela pat patricia patrick paul paula pauline peggy penny percy "
        "peter phil philip philippa phillip phoebe phyllis quentin rachel ralph ray raymond rebecca rhys "
        "richard rick ricky rob robert robin rod rodney roger roland ron ronald ronnie rory rosemary ross "
        "roy russell ruth ryan sally sam samantha samuel sandra sara sarah scott sean sebastian seth shane "
        "shannon sharon shaun sheila shirley sidney simon sophia sophie stacey stan stanley stella stephanie "
        "stephen steve steven stewart stuart sue susan suzanne sylvia tara ted teresa terence terry theresa "
        "thomas tim timothy tina toby todd tom tommy toni tony tracey tracy trevor tyler valerie vanessa vera "
        "vernon veronica vic victor victoria vincent violet virginia vivian walter warren wayne wendy wesley "
        "will william winston yvonne zachary zoe "
        # Romance languages
        "alberto alejandro alessandro alfonso ana andrés angelo antoine antonio armando arturo bernardo "
        "bruno camille carla carlo carlos carmen cecilia chiara claudia claudio cristiano cristina dario "
        "diego domenico eduardo elena emilio enrique enzo ernesto esteban etienne étienne fabio federico "
        "felipe fernando filippo francesca francesco francisco françois franco gabriel gabriela gaston "
        "giacomo gianni giorgio giovanni giulia giuseppe gonzalo guillermo gustavo hector hugo ignacio inés "
        "jacques javier jean-paul jérôme joaquín joão jorge josé juan juana jules julien juliette leonardo "
        "lorenzo luca luciano luigi luis luisa manuel marcel marcelo marcello marco margarita mariana mario "
        "massimo mateo matteo mauricio michel miguel mireille nicolas octavio pablo paolo pascal pedro "
        "philippe pierre rafael raúl renato renée ricardo roberto rodrigo rosa salvador salvatore santiago "
        "sergio silvia silvio simone sofia stefano sylvie thierry tomás umberto valentina vicente vittorio "
        "yves "
        # German, Dutch and Nordic languages
        "anders andreas anja annika arne astrid axel bernd bernhard birgit bjorn björn christoph dieter dirk "
        "eero elke elsa erik erika ernst erwin ferdinand franz friedrich fritz georg gerhard gertrude gisela "
        "gunnar günter gunther gustav hans harald heidi heinrich heinz helga helmut henrik herman hermann "
        "horst ingrid jens joachim jochen johan johann johannes jonas jörg jürgen kai karin karl karsten "
        "katrin klaus knut konrad kristina kurt lars lena lennart lothar ludwig magnus manfred markus "
        "matthias mikael mikko nils olaf ole otto pekka petra pieter rainer reinhard rolf rudolf sabine "
        "siegfried sigrid stefan steffen susanne sven thorsten tobias torsten ulrich ulrike ursula uwe "
        "walther werner wilhelm willem wim wolfgang "
        # Slavic languages, Greek, Hungarian
        "agnieszka aleksandr aleksei alexei anastasia anatoly andrei andrzej anton barbora bogdan boris "
        "dimitri dimitris dmitri dmitry elżbieta evgeny ewa georgi georgios grigory grzegorz igor ilya irina "
        "istván ivana jana janusz jaroslav jerzy jiří józef katarzyna kostas krzysztof ladislav larisa "
        "lászló lech leonid ludmila maciej marek marta mikhail milan miroslav nadia natalia nikita nikolai "
        "nikos olga oleg oleksandr pavel piotr radek roman sergei slobodan stanislav svetlana tamás tatiana "
        "tomasz václav vadim valery vasily viktor vladimir vladislav volodymyr wojciech yana yelena yuri "
        "zbigniew zoltán zoran "
        # Arabic, Persian, Turkish, Hebrew
        "abdul abdullah abu ahmad ahmed aisha ali amir amira aziz bashar emine fatima fatma hamid hasan "
        "hassan hussein ibrahim ismail jamal kamal karim khaled khalid layla leila mahmoud mehmet mohamed "
        "mohammad mohammed mohsen moshe mustafa nasser omar osama rami rashid recep reza said salim salma "
        "samir shimon tariq usman yasser yitzhak yosef youssef yusuf zainab zeynep "
        # South and East Asia
        "aditya akira amit anil anita arjun arun ashok deepak devi gopal hiroshi indira kavita kenji kumar "
        "lakshmi manmohan mohan mukesh naoto narendra natsumi nikhil pradeep priya rahul raj rajesh rajiv "
        "ramesh ravi rohit sachin sanjay shinzo sunil suresh takashi takeshi vijay vikram wei xiao yoko "
        "yuki yukio zhang "
        # Africa
        "abebe adaeze amara chidi chinedu ifeoma kofi kwame mamadou moussa mwangi ngozi nkosana nomsa oluwaseun "
        "sipho thabo thandiwe wanjiru"
    ).split()
)
"""Given names in lower case."""

TITLES = frozenset(
    (
        "mr mrs ms miss mx dr sir dame lord lady saint st san santa mount mt captain capt colonel general "
        "sergeant judge justice senator congressman president king queen prince princess pope bishop father "
        "brother sister rabbi imam sheikh professor prof coach uncle aunt"
    ).split()
)
"""What stands before somebody's name, in lower case."""
