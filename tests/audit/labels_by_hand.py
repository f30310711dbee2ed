"""The labels of the exports in the order of the code lists, with the codes that figures give."""

PROBLEMS = {
    "Kindermishandeling": "child_abuse",
    "Partnergeweld": "partner_violence",
    "Geweld tegen volwassenen": "adult_violence",
    "Ouderenmis(be)handeling": "elder_abuse",
    "Geweld tussen minderjarigen": "between_minors",
    "Historisch misbruik": "historical_abuse",
    "Familiaal geweld": "domestic_violence",
    "Andere": "other",
}
FORMS = {
    "Emotioneel": "emotional",
    "Fysiek": "physical",
    "Seksueel": "sexual",
    "Fysieke verwaarlozing": "physical_neglect",
    "Emotionele verwaarlozing": "emotional_neglect",
    "Financieel": "financial",
    "Onbekend": "unknown",
}
CONTEXTS = {
    "Kerngezin": "nuclear_family",
    "Bredere familie": "wider_family",
    "School": "school",
    "Werk": "work",
    "Sport": "sport",
    "Vrije tijd": "leisure",
    "Voorziening": "institution",
    "Andere": "other",
    "Onbekend": "unknown",
}
FOLLOWUPS = {
    "Advies en informatie": "advice",
    "Verwezen naar VK": "referred.vk",
    "Verwezen naar CAW": "referred.caw",
    "Verwezen naar andere hulp- of dienstverlening": "referred.other_care",
    "Verwezen naar politie": "referred.police",
    "Verwezen naar parket": "referred.prosecutor",
    "Verwezen naar justitiële instantie": "referred.judicial",
    "Verwezen naar bemiddelingscommissie historisch misbruik": "referred.mediation_commission",
    "Verwezen naar lotgenotencontacten historisch misbruik": "referred.peer_contacts",
    "Verwezen naar advocatuur": "referred.lawyer",
    "Aangemeld bij VK": "registered.vk",
    "Aangemeld bij CAW": "registered.caw",
    "Aangemeld bij andere hulp- of dienstverlening": "registered.other_care",
    "Aangemeld bij politie": "registered.police",
    "Aangemeld bij bemiddelingscommissie historisch misbruik": "registered.mediation_commission",
    "Andere gevolggeving": "other",
    "": "empty",
}
VICTIMS_SIDE = ("Slachtoffer", "(Stief)ouder", "Grootouder", "Ander familielid", "Ruimere omgeving")
SECTORS = {
    "Onderwijs": "education",
    "Cultuur": "culture",
    "Sport": "sport",
    "Welzijn, gezondheid en gezin": "welfare",
    "Justitie": "justice",
}
