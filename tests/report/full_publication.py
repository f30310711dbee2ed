"""The small publication with all that a page and a book can show: hidden counts, own texts."""

from dataclasses import replace
from io import BytesIO

from PIL import Image

from helpline_report.figures.ledger import KnownFault, Missing
from helpline_report.figures.model import Reason
from helpline_report.figures.printed import JudgedClaim
from helpline_report.parameters.values import Translated
from helpline_report.prose.nodes import Photograph
from helpline_report.prose.texts import CellText
from helpline_report.report.publication import Publication


def with_hidden_counts(publication: Publication) -> Publication:
    """The small publication; its year before differs month by month, and one count is hidden.

    More than a thousand rows are known to be missing.
    """
    figures = dict(publication.ledger.figures)
    for month in range(2, 13):
        name = f"by_month.previous.{month:02d}"
        value = (figures[name].value or 0) - 9 * month  # type: ignore[operator]
        figures[name] = figures[name].model_copy(update={"value": value})
    hidden = {"value": None, "status": "suppressed", "reason": Reason(code="protected")}
    figures["tab.2.9"] = figures["tab.2.9"].model_copy(update=hidden)
    missing = Missing(
        id="missing", figures=(("channel", "contacts.share.phone"), ("month", "tab.2.9"))
    )
    reason = Translated(nl="onvolledig", en="incomplete")
    known = KnownFault(edition="2017", code="B73", file="x.csv", rows=3_708, reason=reason)
    quality = publication.ledger.quality["quality"].model_copy(update={"known": (known,)})
    changed = {"figures": figures, "missing": {"missing": missing}, "quality": {"quality": quality}}
    return replace(publication, ledger=publication.ledger.model_copy(update=changed))


FOREWORD = """\
# Vooraf

In 2012 nam de hulplijn op het nummer 1712 de eerste oproep aan[^nu].

![Een huis met een tuin](huis.jpg "Beeld: An, 2017")

> Ik belde 3 keer.
> — een moeder

De [honderd bussen](<bron:het verslag van 2017>) reden rond: zie [hier](contacts.md).

| Kanaal | Aantal |
|---|--:|
| Telefoon | {{ by_channel.plain | noun }} |
| Onbekend | {{ contacts.gone }} |

[^nu]: Nu zijn het er {{ contacts.total }}.
"""


BY_PHONE = """\
## Via welk kanaal?

Via de telefoon: {{ contacts.share.phone }} van {{ contacts.total | noun }} in {{ year }}.

In {{ year }} waren er ook anderen, na {{ contacts.share.phone | about }}.

Per dag is dat {{ ratio.a | finding }}.
"""


def with_own_texts(publication: Publication) -> Publication:
    """The publication with a foreword that has all that a text can have, a text, and a claim."""
    picture = BytesIO()
    Image.new("RGB", (40, 20), "teal").save(picture, "JPEG")
    photographs = {"huis.jpg": Photograph(picture.getvalue(), "image/jpeg", 40, 20)}
    text = CellText(FOREWORD, 1, "params/2017/nl/foreword.md", photographs)
    about = CellText(BY_PHONE, 1, "params/2017/nl/contacts.md")
    texts = {"nl": {"foreword": {"foreword": text}, "contacts": {"about": about}}}
    claim = JudgedClaim(
        id="rose",
        printed="Het steeg",
        section="3.1",
        source="jaarverslag",
        verdict="not_supported",
        reason="De cijfers dragen het niet.",
    )
    return replace(publication, texts=texts, claims=(claim,))
