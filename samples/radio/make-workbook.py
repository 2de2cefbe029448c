#!/usr/bin/env python3
"""Writes radio.xlsx, the sample questionnaire, from the tables below. Nothing but Python 3 is needed; the same tables give the same bytes.

    python3 samples/radio/make-workbook.py
"""
import pathlib
import zipfile
from xml.sax.saxutils import escape

FR, EN = "label::Français (fr)", "label::English (en)"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

SURVEY_HEAD = [
    "type", "name", FR, EN, "hint::Français (fr)", "hint::English (en)",
    "relais::instruction::Français (fr)", "relais::instruction::English (en)", "relais::read",
    "relevant", "required", "constraint", "constraint_message::Français (fr)", "constraint_message::English (en)",
    "relais::check", "relais::check_message::Français (fr)", "relais::check_message::English (en)",
    "calculation", "default", "choice_filter", "repeat_count", "parameters", "appearance",
    "relais::quota", "relais::order", "relais::order_seed", "relais::anchor", "relais::timestamp", "relais::disposition",
]


def row(kind, name="", fr="", en="", **cells):
    """A row of the survey; keywords are columns, "_" standing for the language where there are two: hint=("fr", "en")."""
    values = {"type": kind, "name": name, FR: fr, EN: en}
    for key, value in cells.items():
        column = {"instruction": "relais::instruction", "read": "relais::read", "check": "relais::check", "check_message": "relais::check_message",
                  "quota": "relais::quota", "order": "relais::order", "order_seed": "relais::order_seed", "anchor": "relais::anchor",
                  "timestamp": "relais::timestamp", "disposition": "relais::disposition"}.get(key, key)
        if isinstance(value, tuple):
            values[column + "::Français (fr)"], values[column + "::English (en)"] = value
        else:
            values[column] = value
    unknown = set(values) - set(SURVEY_HEAD)
    assert not unknown, unknown
    return [values.get(column, "") for column in SURVEY_HEAD]


SURVEY = [
    row("start", "debut"),
    row("username", "enqueteur"),
    row("calculate", "tirage", calculation="once(int(random() * 1000000))"),
    row("calculate", "hier", calculation="format-date(date(today() - 1), '%Y-%m-%d')"),
    row("calculate", "hier_lu", calculation="format-date(date(today() - 1), '%e/%n/%Y')"),

    row("begin group", "accueil", "Prise de contact", "Opening"),
    row("select_one accord", "accord",
        "Bonjour, je vous appelle pour une étude sur l'écoute de la radio. Elle dure une dizaine de minutes. Acceptez-vous d'y répondre ?",
        "Hello, I am calling about a survey on radio listening. It takes about ten minutes. Would you answer it?",
        instruction=("Se présenter par son nom et celui de l'institut.", "Give your name and that of the institute."),
        read="question", required="yes", timestamp="yes"),
    row("select_one oui_non", "enregistrement",
        "Pour vérifier la qualité de mon travail, cet appel peut être enregistré. Y consentez-vous ?",
        "To check the quality of my work, this call may be recorded. Do you agree?",
        hint=("Un refus n'empêche pas l'entretien.", "The interview goes on without it."), read="question", required="yes"),
    row("end group"),

    row("begin group", "signaletique", "Qui répond", "Who answers"),
    row("select_one sexe", "sexe", "Êtes-vous… ?", "Are you… ?",
        instruction=("Ne poser la question qu'en cas de doute.", "Ask only when in doubt."), read="question", required="yes", quota="sex"),
    row("integer", "age", "Quel âge avez-vous ?", "How old are you?", required="yes",
        constraint=". >= 0 and . <= 115", constraint_message=("L'âge va de 0 à 115 ans.", "Ages run from 0 to 115."),
        check=". <= 99", check_message=("${age} ans : est-ce bien cela ?", "${age} years: is that right?")),
    row("calculate", "tranche_age", quota="age_group",
        calculation="if(${age} < 13, '', if(${age} < 25, '13-24', if(${age} < 35, '25-34', if(${age} < 50, '35-49', if(${age} < 65, '50-64', '65+')))))"),
    row("note", "hors_cible", "Notre étude porte sur les personnes de 13 ans et plus. Merci de votre accueil, au revoir.",
        "Our survey is about people of 13 and over. Thank you, goodbye.", relevant="${age} < 13", disposition="not-eligible"),
    row("select_one region", "region", "Dans quelle région habitez-vous ?", "Which region do you live in?",
        read="question", required="yes", quota="region", appearance="autocomplete"),
    row("select_one habitat", "habitat", "Votre commune est-elle… ?", "Is the place you live in… ?", required="yes"),
    row("integer", "foyer", "Combien de personnes vivent dans votre foyer, vous compris ?", "How many people live in your household, yourself included?",
        required="yes", constraint=". >= 1 and . <= 30", constraint_message=("De 1 à 30 personnes.", "From 1 to 30 people."),
        check=". <= 10", check_message=("${foyer} personnes, est-ce bien cela ?", "${foyer} people, is that right?")),
    row("integer", "moins_13", "Combien ont moins de 13 ans ?", "How many are under 13?", required="yes", relevant="${foyer} > 1",
        constraint=". >= 0 and . < ${foyer}", constraint_message=("Moins que les ${foyer} personnes du foyer.", "Fewer than the ${foyer} people of the household.")),
    row("end group"),

    row("begin group", "habitudes", "Vos habitudes", "Your habits"),
    row("select_multiple appareil or_other", "equipement", "Sur quels appareils pouvez-vous écouter la radio ?", "On which devices can you listen to the radio?", required="yes"),
    row("select_one frequence", "frequence", "En général, combien de jours par semaine écoutez-vous la radio ?", "On how many days a week do you usually listen to the radio?", required="yes"),
    row("select_multiple station", "notoriete", "Quelles stations connaissez-vous, ne serait-ce que de nom ?", "Which stations do you know, if only by name?",
        instruction=("Ne rien citer. Relancer une fois : « Et quelles autres ? »", "Name none. Ask once more: \"Any others?\""), read="question", appearance="autocomplete"),
    row("select_one station", "preferee", "Et quelle est celle que vous préférez ?", "And which one do you like best?", read="question",
        appearance="autocomplete", relevant="count-selected(${notoriete}) > 0", choice_filter="selected(${notoriete}, name)"),
    row("begin group", "opinions", "Diriez-vous que vous êtes d'accord avec ceci ?", "Would you say that you agree with this?",
        relevant="${frequence} != 'jamais'", order="random", order_seed="${tirage}"),
    row("select_one accord4", "op_compagnie", "La radio me tient compagnie.", "The radio keeps me company.", required="yes"),
    row("select_one accord4", "op_info", "Pour l'information, je fais d'abord confiance à la radio.", "For news I trust the radio first.", required="yes"),
    row("select_one accord4", "op_musique", "La radio me fait découvrir de la musique.", "The radio makes me discover music.", required="yes"),
    row("select_one accord4", "op_general", "Au total, je pourrais me passer de la radio.", "All in all, I could do without the radio.", required="yes", anchor="last"),
    row("end group"),
    row("end group"),

    row("begin group", "veille", "La journée d'hier", "Yesterday"),
    row("select_one oui_non", "ecoute_hier", "Hier, le ${hier_lu}, avez-vous écouté la radio, ne serait-ce que quelques instants ?",
        "Yesterday, the ${hier_lu}, did you listen to the radio, if only for a moment?",
        hint=("De 5 heures du matin à 5 heures ce matin, où que ce soit.", "From 5 in the morning to 5 this morning, anywhere."), read="question", required="yes",
        check="not(. = 'oui' and ${frequence} = 'jamais')",
        check_message=("La personne a dit ne jamais écouter la radio.", "The respondent said that they never listen to the radio.")),
    row("listening-day", "journee", "Reprenons la journée d'hier depuis votre lever.", "Let us go through yesterday from the time you got up.",
        instruction=("Faire préciser la station, le lieu et l'appareil de chaque écoute.", "Ask for station, place and device of each listening."),
        relevant="${ecoute_hier} = 'oui'", required="yes", timestamp="yes",
        parameters="stations=station first=05:00 last=29:00 slot=15 places=lieu devices=appareil moments=moment"),
    row("select_one habituel", "habituel", "Par rapport à un jour comme celui-là, avez-vous écouté la radio… ?", "Compared with other such days, did you listen… ?",
        relevant="${ecoute_hier} = 'oui'", required="yes"),
    row("select_one oui_non", "podcast", "Et hier, avez-vous écouté des émissions de radio en différé ou des podcasts ?", "And yesterday, did you listen to radio programmes later on, or to podcasts?",
        read="question", required="yes"),
    row("integer", "podcast_duree", "Pendant combien de minutes en tout ?", "For how many minutes in all?", relevant="${podcast} = 'oui'", required="yes",
        constraint=". >= 1 and . <= 1440", constraint_message=("De 1 minute à 24 heures.", "From 1 minute to 24 hours."),
        check=". <= 360", check_message=("Plus de six heures : est-ce bien cela ?", "More than six hours: is that right?")),
    row("end group"),

    row("begin group", "postes", "Les postes du foyer", "The sets of the household"),
    row("integer", "nb_postes", "Combien de postes de radio y a-t-il chez vous, en état de marche ?", "How many working radio sets are there in your home?",
        required="yes", constraint=". >= 0 and . <= 15", constraint_message=("De 0 à 15 postes.", "From 0 to 15 sets.")),
    row("begin repeat", "poste", "Poste ${numero}", "Set ${numero}", repeat_count="if(${nb_postes} > 3, 3, ${nb_postes})", relevant="${nb_postes} > 0"),
    row("calculate", "numero", calculation="position(..)"),
    row("select_one piece", "piece", "Dans quelle pièce se trouve le poste n° ${numero} ?", "Which room is set number ${numero} in?", required="yes"),
    row("end repeat"),
    row("end group"),

    row("begin group", "fin", "Pour finir", "To finish"),
    row("select_one activite", "activite", "Quelle est votre situation actuelle ?", "What do you do at present?", required="yes"),
    row("select_one diplome", "diplome", "Quel est votre diplôme le plus élevé ?", "What is your highest qualification?", relevant="${age} >= 16", required="yes"),
    row("note", "merci", "Je vous remercie du temps que vous nous avez donné. Au revoir.", "Thank you for the time you gave us. Goodbye.", disposition="complete"),
    row("end group"),
    row("end", "fin_entretien"),
]

CHOICES_HEAD = ["list_name", "name", FR, EN, "frequency", "nickname", "kind", "from", "to", "relais::read", "relais::anchor", "relais::disposition"]

LISTS = {
    "accord": [("oui", "Oui, maintenant", "Yes, now"), ("plus_tard", "Pas maintenant", "Not now", "appointment"), ("refus", "Non", "No", "refused"),
               ("langue", "Ne comprend pas la langue", "Does not understand the language", "other-language")],
    "oui_non": [("oui", "Oui", "Yes"), ("non", "Non", "No")],
    "sexe": [("F", "une femme", "a woman"), ("M", "un homme", "a man")],
    "region": [("11", "Île-de-France", "Île-de-France"), ("24", "Centre-Val de Loire", "Centre-Val de Loire"), ("27", "Bourgogne-Franche-Comté", "Bourgogne-Franche-Comté"),
               ("28", "Normandie", "Normandy"), ("32", "Hauts-de-France", "Hauts-de-France"), ("44", "Grand Est", "Grand Est"), ("52", "Pays de la Loire", "Pays de la Loire"),
               ("53", "Bretagne", "Brittany"), ("75", "Nouvelle-Aquitaine", "Nouvelle-Aquitaine"), ("76", "Occitanie", "Occitanie"),
               ("84", "Auvergne-Rhône-Alpes", "Auvergne-Rhône-Alpes"), ("93", "Provence-Alpes-Côte d'Azur", "Provence-Alpes-Côte d'Azur"), ("94", "Corse", "Corsica")],
    "habitat": [("rural", "une commune de moins de 2 000 habitants", "a place of under 2,000 people"), ("petite", "une ville de 2 000 à 20 000 habitants", "a town of 2,000 to 20,000"),
                ("moyenne", "une ville de 20 000 à 100 000 habitants", "a town of 20,000 to 100,000"), ("grande", "une ville de plus de 100 000 habitants", "a city of over 100,000")],
    "appareil": [("poste", "Un poste de radio ou une chaîne", "A radio set or hi-fi"), ("autoradio", "Un autoradio", "A car radio"), ("telephone", "Un téléphone portable", "A mobile telephone"),
                 ("ordinateur", "Un ordinateur ou une tablette", "A computer or tablet"), ("tele", "Un téléviseur", "A television set"), ("enceinte", "Une enceinte connectée", "A smart speaker")],
    "frequence": [("tous", "Tous les jours ou presque", "Every day or nearly"), ("trois_cinq", "3 à 5 jours", "3 to 5 days"), ("un_deux", "1 ou 2 jours", "1 or 2 days"),
                  ("moins", "Moins souvent", "Less often"), ("jamais", "Jamais", "Never")],
    "accord4": [("4", "Tout à fait d'accord", "Agree entirely"), ("3", "Plutôt d'accord", "Rather agree"), ("2", "Plutôt pas d'accord", "Rather disagree"), ("1", "Pas du tout d'accord", "Disagree entirely")],
    "habituel": [("plus", "plus que d'habitude", "more than usual"), ("autant", "autant", "as much"), ("moins", "moins", "less")],
    "lieu": [("domicile", "Chez vous", "At home"), ("voiture", "En voiture", "In a car"), ("travail", "Au travail", "At work"), ("ailleurs", "Ailleurs", "Elsewhere")],
    "piece": [("cuisine", "La cuisine", "The kitchen"), ("salon", "Le salon", "The living room"), ("chambre", "Une chambre", "A bedroom"), ("bain", "La salle de bains", "The bathroom"), ("autre", "Une autre pièce", "Another room")],
    "activite": [("emploi", "En emploi", "At work"), ("etudes", "Élève ou étudiant", "At school or university"), ("chomage", "Au chômage", "Unemployed"), ("retraite", "Retraité", "Retired"), ("autre", "Autre situation", "Something else")],
    "diplome": [("aucun", "Aucun, ou brevet", "None, or lower secondary"), ("cap", "CAP ou BEP", "Vocational"), ("bac", "Baccalauréat", "Upper secondary"), ("bac2", "Bac + 2", "Two years of higher education"), ("sup", "Au-delà", "More")],
}

DO_NOT_READ = {
    "oui_non": [("nsp", "Ne sait pas", "Does not know")], "habitat": [("nsp", "Ne sait pas", "Does not know")],
    "accord4": [("nsp", "Sans opinion", "No opinion")], "activite": [("nr", "Ne répond pas", "Does not answer")], "diplome": [("nr", "Ne répond pas", "Does not answer")],
    "frequence": [("nsp", "Ne sait pas", "Does not know")],
}

MOMENTS = [
    ("lever", "Au lever et au petit déjeuner, y avait-il une radio allumée ?", "When you got up and had breakfast, was a radio on?", "05:00", "09:00"),
    ("matin", "Et dans la matinée, en déplacement, au travail ou chez vous ?", "And during the morning, on the way, at work or at home?", "09:00", "12:00"),
    ("midi", "À l'heure du déjeuner ?", "At lunch time?", "12:00", "14:00"),
    ("apres_midi", "Dans l'après-midi ?", "In the afternoon?", "14:00", "18:00"),
    ("soir", "En rentrant, ou pendant le dîner ?", "On the way home, or at dinner?", "18:00", "21:00"),
    ("nuit", "Et dans la soirée ou la nuit, avant 5 heures ce matin ?", "And in the evening or the night, before 5 this morning?", "21:00", "29:00"),
]

# Every station is invented. A likeness to one on the air is chance, and no frequency is meant to be anybody's.
NATIONAL = [
    ("hexagone", "Hexagone Info", "hexa|l'info", "105.1"), ("horizon", "Radio Horizon", "horizon", "97.3"), ("septentrion", "Septentrion", "le sept|septen", "99.6"),
    ("opaline", "Opaline Classique", "opaline", "101.4"), ("vertigo", "Vertigo", "verti", "98.2"), ("bleu_nuit", "Bleu Nuit FM", "bleu nuit", "94.8"),
    ("tempo", "Tempo 2000", "tempo", "103.7"), ("canevas", "Canevas Culture", "canevas", "93.9"), ("grand_large", "Grand Large", "le large", "91.1"),
    ("soleil_fm", "Soleil FM", "soleil", "102.5"), ("quartier", "Radio Quartier", "quartier", "106.9"), ("jazz_rive", "Jazz Rive", "rive", "89.4"),
]
PLACES = ["Abers", "Aubrac", "Baronnies", "Bocage", "Brenne", "Causses", "Cévennes", "Chartreuse", "Cornouaille", "Dombes", "Garrigue", "Landes", "Lubéron", "Marais", "Morvan",
          "Ouche", "Perche", "Puisaye", "Sologne", "Thiérache", "Ventoux", "Vexin", "Vosges", "Xaintrie"]
KINDS = [("Radio {0}", "{0}"), ("{0} FM", "{0}"), ("Onde {0}", "onde"), ("Fréquence {0}", "fréquence {0}"), ("{0} Hits", "hits")]


def plain(text):
    return text.lower().translate(str.maketrans("éèêëàâîïôûùç'’ -", "eeeeaaiiouuc____"))


def stations():
    for name, label, nickname, frequency in NATIONAL:
        yield name, label, frequency, nickname, "nationale"
    for at, place in enumerate(PLACES):
        for kind, (label, nickname) in enumerate(KINDS):
            step = (at * len(KINDS) + kind) * 7 % 204
            yield plain(label.format(place)), label.format(place), f"{87.6 + step / 10:.1f}", nickname.format(place).lower(), "locale"


def choices():
    for name, items in LISTS.items():
        for code, fr, en, *disposition in items:
            yield [name, code, fr, en, "", "", "", "", "", "", "", disposition[0] if disposition else ""]
        for code, fr, en in DO_NOT_READ.get(name, []):
            yield [name, code, fr, en, "", "", "", "", "", "no", "last", ""]
    for code, fr, en, start, end in MOMENTS:
        yield ["moment", code, fr, en, "", "", "", start, end, "", "", ""]
    for code, label, frequency, nickname, kind in stations():
        yield ["station", code, label, label, frequency, nickname, kind, "", "", "", "", ""]
    yield ["station", "inconnue", "Station non identifiée", "Station not identified", "", "inconnue", "autre", "", "", "no", "last", ""]


SETTINGS = [["form_title", "form_id", "version", "default_language", "name", "instance_name"],
            ["Écoute de la radio (exemple)", "radio", "1", "Français (fr)", "radio", "concat(${sexe}, ' ', ${tranche_age}, ' ', ${region})"]]

NOTICE = [["Questionnaire d'exemple de Relais / Relais's sample questionnaire"],
          ["Les stations sont inventées. / The stations are invented."],
          ["Écrit par samples/radio/make-workbook.py / Written by samples/radio/make-workbook.py"]]


def column(number):
    name = ""
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def sheet(rows, widths):
    cols = "".join(f'<col min="{i}" max="{i}" width="{w}" customWidth="1"/>' for i, w in enumerate(widths, 1))
    lines = []
    for r, cells in enumerate(rows, 1):
        style = ' s="1"' if r == 1 else ""
        line = "".join(f'<c r="{column(c)}{r}" t="inlineStr"{style}><is><t xml:space="preserve">{escape(text)}</t></is></c>' for c, text in enumerate(cells, 1) if text)
        lines.append(f'<row r="{r}">{line}</row>')
    return (f'<?xml version="1.0" encoding="UTF-8"?>\n<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
            f'<cols>{cols}</cols><sheetData>{"".join(lines)}</sheetData></worksheet>')


def write(path):
    survey = [SURVEY_HEAD, *SURVEY]
    used = [at for at in range(len(SURVEY_HEAD)) if any(r[at] for r in SURVEY)]
    survey = [[r[at] for at in used] for r in survey]
    sheets = [("survey", survey), ("choices", [CHOICES_HEAD, *choices()]), ("settings", SETTINGS), ("lisez-moi", NOTICE)]
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                               f'<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{types}.sheet.main+xml"/>'
                               f'<Override PartName="/xl/styles.xml" ContentType="{types}.styles+xml"/>'
                               + "".join(f'<Override PartName="/xl/worksheets/sheet{i}.xml" ContentType="{types}.worksheet+xml"/>' for i in range(1, len(sheets) + 1)) + "</Types>",
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{relations}"><sheets>'
                           + "".join(f'<sheet name="{name}" sheetId="{i}" r:id="rId{i}"/>' for i, (name, _) in enumerate(sheets, 1)) + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
                                      + "".join(f'<Relationship Id="rId{i}" Type="{relations}/worksheet" Target="worksheets/sheet{i}.xml"/>' for i in range(1, len(sheets) + 1))
                                      + f'<Relationship Id="rId{len(sheets) + 1}" Type="{relations}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
                         '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders>'
                         '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf/><xf fontId="1" applyFont="1"/></cellXfs></styleSheet>',
    }
    for i, (name, rows) in enumerate(sheets, 1):
        widths = [60 if "::" in head and head.split("::")[0] in ("label", "hint", "constraint_message", "relais") else 18 for head in rows[0]]
        parts[f"xl/worksheets/sheet{i}.xml"] = sheet(rows, widths)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text.encode())


if __name__ == "__main__":
    write(pathlib.Path(__file__).with_name("radio.xlsx"))
