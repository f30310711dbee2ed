"""Labels as systems and people write them: long, with digits, quotes, signs, in any script."""

import unicodedata
from random import Random

PLAIN = (
    *("Vrouw", "Man", "Onbekend", "Telefoon", "Mail", "Chat", "Slachtoffer", "(Stief)ouder"),
    *("Kerngezin", "Bredere familie", "Straße", "ÉÉN ding", "İzmir", "ﬁn", "Niet gekend", "Andere"),
    *("Advies", "Dossier", "Verwezen naar CAW", "Aangemeld bij VK", "x/y", "à", "Zoë", "naïef"),
    *("Partner", "Ex-partner", "Buur", "Leerkracht", "Werk", "School", "Sport", "Media", "Kind"),
)
WITH_DIGITS = ("2 ouders", "18 jaar en ouder", "007", "3", "42", "1e lijn", "65+", "100 %", "n° 7")
WITH_QUOTES = ('de "baas"', "l'amie", "it's", "“ja”", "‘nee’", '"', "d''Anvers", "«oui»")
RIGHT_TO_LEFT = ("ضحية", "الأم", "אמא", "בן זוג", "שכן 2", "زوج سابق")
EMOJI = ("😀 blij", "👩‍👧 moeder", "🏠", "❤ hart", "👍🏽", "🇧🇪 land")
WITH_SIGNS = ("<b>vet</b>", "a & b", "&amp;", "x<y>z", "</td>", "#kop", "*ster*", "_lijn_", "`c`")
FORMULAS = ("=SUM(A1)", "+1", "-", "@ref", "=1+1", "-2", "=cmd|x")
OTHER_SIGNS = (
    "$x$",
    "{{ x }}",
    "{x}",
    "%s",
    "\\n",
    "[a](b)",
    "| a |",
    "~x~",
    "[^1]",
    "1. x",
    "---",
)
KINDS = {
    "plain": PLAIN,
    "digits": WITH_DIGITS,
    "quotes": WITH_QUOTES,
    "right to left": RIGHT_TO_LEFT,
    "emoji": EMOJI,
    "signs": WITH_SIGNS,
    "formulas": FORMULAS,
    "other signs": OTHER_SIGNS,
}
LONGEST = 120


def draw_label(random: Random, kinds: list[str], encoding: str = "utf-8") -> str:
    """A label of one of some kinds that an encoding can write."""
    while True:
        kind = random.choice(kinds)
        if kind == "long":
            letters = "abcdefghijklmnopqrstuvwxyzéë"
            label = "".join(random.choice(letters) for _ in range(random.randint(60, LONGEST)))
        elif kind == "words":
            words = random.sample([each for each in PLAIN if each.isalpha()], random.randint(3, 6))
            label = " ".join(words).lower()
        else:
            label = random.choice(KINDS[kind])
            if random.random() < 0.5 and kind != "formulas":
                label = f"{label} {random.choice('abcdefghijklmnopqrstuvwxyz')}"
        if can_write(label, encoding):
            return label


def draw_labels(
    random: Random, number: int, kinds: list[str], encoding: str = "utf-8", *, without: str = ""
) -> list[str]:
    """So many labels that no accident of case or spaces makes alike, none with a sign of some."""
    labels: dict[str, str] = {}
    while len(labels) < number:
        label = draw_label(random, kinds, encoding)
        if len(labels) > 20 and label.casefold() in map(str.casefold, labels.values()):
            label = f"{label} {len(labels)}"
        if not set(label) & set(without):
            labels.setdefault(fold(label), label)
    return list(labels.values())


def fold(label: str) -> str:
    """A label without what differs by accident."""
    return " ".join(unicodedata.normalize("NFC", label).split()).casefold()


def can_write(label: str, encoding: str) -> bool:
    """Whether an encoding has all the letters of a label."""
    try:
        label.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
