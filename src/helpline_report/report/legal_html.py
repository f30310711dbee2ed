"""The colophon and the accessibility statement as pages of their own, in the look of the report."""

from __future__ import annotations

from jinja2 import Template

from helpline_report.report.chapters import ChapterReader
from helpline_report.report.exporters import html_environment
from helpline_report.report.front import front_of
from helpline_report.report.house import logo_address, logo_alternative
from helpline_report.report.legal import legal_pages
from helpline_report.report.page import style_of, whole


def legal_files(reader: ChapterReader) -> dict[str, bytes]:
    """Each page by the name of its file."""
    publication, words = reader.publication, reader.words
    template: Template = html_environment(reader).get_template("legal.html.j2")
    common = {
        "page": front_of(publication, words),
        "style": style_of(publication),
        "logo": logo_address(publication),
        "logo_alternative": logo_alternative(publication),
    }
    return {
        legal.file: whole(template.render(common, legal=legal), publication).encode()
        for legal in legal_pages(publication, words)
    }
