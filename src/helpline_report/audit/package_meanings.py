"""Derive what the data package and the portal's description say: titles, period, files, fields."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from helpline_report.audit.data_meanings import LEFT_OUT, DataFileMeaning
from helpline_report.audit.interface_meanings import DIGITS, InterfaceMeanings
from helpline_report.audit.meanings import Meanings
from helpline_report.description import Node

# Values that aren't derived: the first comparison holds them to the files.
MEASURED = ("bytes", "hash", "dcat:byteSize")
EU = "http://publications.europa.eu/resource/authority"
IANA = "https://www.iana.org/assignments/media-types/"
THEMES = ("SOCI", "HEAL", "JUST")
MEDIA = {
    "csv": "text/csv",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
LANGUAGES = {"nl": "NLD", "en": "ENG"}
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
# A period of so many days is one of those that come every year.
YEARLY = range(360, 372)
# The files of `data/` that are no CSV file, and the phrase of each.
OTHERS = {
    "tabellen.xlsx": "data.workbook",
    "ledger.json": "data.ledger",
    "datapackage.json": "data.package",
}


def list_values(tree: Any, place: str = "") -> Iterator[Node]:
    """Each value of a tree as a node, as a description of JSON has it."""
    pairs = tree.items() if isinstance(tree, Mapping) else enumerate(tree)
    for key, value in pairs:
        if isinstance(value, Mapping | list):
            yield from list_values(value, f"{place}/{key}")
        else:
            yield Node(place, str(key), str(value), form=type(value).__name__)


class PackageMeanings:
    """The data package and the description for a portal of an edition in one language."""

    def __init__(self, meanings: Meanings, files: Mapping[str, DataFileMeaning]) -> None:
        self.meanings, self.words, self.files = meanings, meanings.words, files
        self.interface, self.data = InterfaceMeanings(meanings), meanings.data
        signed, publisher = self.data.signed, self.data.edition.publisher
        self._day = (publisher.published_on or signed.date) if signed else None

    def list_package(self) -> list[Node]:
        """The nodes of the data package."""
        return [*list_values(self._describe_package())]

    def list_portal(self) -> list[Node]:
        """The nodes of the description for a portal."""
        return [*list_values(self._describe_portal())]

    def _describe_package(self) -> dict[str, Any]:
        say, edition, ledger = self.words.say, self.data.edition, self.meanings.ledger
        publisher = edition.publisher
        email = {"email": publisher.email} if publisher.email else {}
        path = {"path": self.interface.licence} if self.interface.licence else {}
        licence = {"name": publisher.licence, "title": publisher.licence, **path}
        name = self.interface.translate(publisher.name)
        package: dict[str, Any] = {
            "name": f"helpline-report-{edition.edition}",
            "title": self.interface.title,
            "description": " ".join([*self.interface.list_notices(), say("data.about")]),
            "profile": "tabular-data-package",
            "version": self.data.content[:DIGITS],
            "languages": [self.data.language],
            "temporal": {"start": str(edition.period.start), "end": str(edition.period.end)},
            "licenses": [licence],
            "contributors": [{"title": name, "role": "publisher", **email}],
            "keywords": say("page.keywords").split(", "),
            "sources": [
                {
                    "title": source.file,
                    "edition": source.edition,
                    "table": source.table,
                    **({} if source.rows is None else {"rows": source.rows}),
                    **({"hash": f"sha256:{source.sha256}"} if source.sha256 else {}),
                }
                for source in ledger.sources
            ],
        }
        if self._day:
            package["created"] = f"{self._day}T00:00:00Z"
        if edition.rows == "synthetic":
            package["rows"] = "synthetic"
        if ledger.draft:
            rows = sum(each.rows for each in ledger.left_out)
            package |= {"draft": self.interface.warning, LEFT_OUT[0]: rows}
        files = self.files.items()
        return {**package, "resources": [self._describe_file(*item) for item in files]}

    def _describe_file(self, name: str, file: DataFileMeaning) -> dict[str, Any]:
        fields = [
            {"name": head, "type": kind, "title": title, **({"unit": unit} if unit else {})}
            for (head, kind), title, unit in zip(file.heads, file.names, file.units, strict=True)
        ]
        about = {"description": file.description} if file.description else {}
        return {
            "name": name.removesuffix(".csv").replace("/", "."),
            "title": file.title,
            **about,
            "path": name,
            "profile": "tabular-data-resource",
            "format": "csv",
            "mediatype": MEDIA["csv"],
            "encoding": "utf-8",
            "bytes": 0,
            "hash": "",
            "schema": {"fields": fields, "missingValues": [""]},
        }

    # For a portal

    def _write(self, text: str) -> dict[str, str]:
        return {"@language": self.data.language, "@value": text}

    def _name_days(self) -> dict[str, Any]:
        """When it was issued and changed, and under which licence."""
        signed, days = self.data.signed, {}
        if self._day and signed:
            for key, day in (("issued", self._day), ("modified", max(self._day, signed.date))):
                days[f"dct:{key}"] = {"@type": "xsd:date", "@value": str(day)}
        licence = self.interface.licence
        return {**days, **({"dct:license": {"@id": licence}} if licence else {})}

    def _describe_portal(self) -> dict[str, Any]:
        edition, root, write = (
            self.data.edition,
            str(self.meanings.data.edition.publisher.root),
            self._write,
        )
        publisher, say = edition.publisher, self.words.say
        here = f"{root}data/dcat.jsonld#"
        name = self.interface.translate(publisher.name)
        language = [{"@id": f"{EU}/language/{LANGUAGES[self.data.language]}"}]
        period = (("startDate", edition.period.start), ("endDate", edition.period.end))
        email = {"vcard:hasEmail": {"@id": f"mailto:{publisher.email}"}} if publisher.email else {}
        dataset: dict[str, Any] = {
            "@id": f"{here}dataset",
            "@type": "dcat:Dataset",
            "dct:identifier": f"helpline-report-{edition.edition}",
            "dct:title": write(self.interface.title),
            "dct:description": write(say("data.about")),
            "dcat:keyword": [write(word) for word in say("page.keywords").split(", ")],
            "dcat:theme": [{"@id": f"{EU}/data-theme/{theme}"} for theme in THEMES],
            "dct:publisher": {"@id": f"{here}publisher"},
            "dcat:contactPoint": {
                "@type": "vcard:Organization",
                "vcard:fn": name,
                "vcard:hasURL": {"@id": f"{root}index.html#colofon"},
                **email,
            },
            "dct:language": language,
            "dct:temporal": {
                "@type": "dct:PeriodOfTime",
                **{f"dcat:{k}": {"@type": "xsd:date", "@value": str(day)} for k, day in period},
            },
        }
        if publisher.spatial:
            dataset["dct:spatial"] = {"@id": str(publisher.spatial)}
        if edition.period.days in YEARLY:
            dataset["dct:accrualPeriodicity"] = {"@id": f"{EU}/frequency/ANNUAL"}
        dataset |= {
            "dct:accessRights": {"@id": f"{EU}/access-right/PUBLIC"},
            "dcat:version": self.data.content[:DIGITS],
            "dcat:landingPage": {"@id": f"{root}index.html"},
            **self._name_days(),
            "dcat:distribution": [*self._list_distributions(root, here)],
        }
        catalogue = {
            "@id": f"{here}catalog",
            "@type": "dcat:Catalog",
            "dct:title": write(self.interface.translate(edition.helpline.full_name)),
            "dct:description": write(say("data.catalogue")),
            "dct:publisher": {
                "@id": f"{here}publisher",
                "@type": "foaf:Agent",
                "foaf:name": write(name),
            },
            "dct:language": language,
            "foaf:homepage": {"@id": f"{root}index.html"},
            **self._name_days(),
            "dcat:dataset": [dataset],
        }
        return {"@context": CONTEXT, "@graph": [catalogue]}

    def _list_distributions(self, root: str, here: str) -> Iterator[dict[str, Any]]:
        titles = {name: file.title for name, file in self.files.items()}
        titles |= {name: self.words.say(key) for name, key in OTHERS.items()}
        for name, title in titles.items():
            kind, address = name.rpartition(".")[2], {"@id": f"{root}data/{name}"}
            yield {
                "@id": f"{here}{name}",
                "@type": "dcat:Distribution",
                "dct:title": self._write(title),
                "dcat:accessURL": address,
                "dcat:downloadURL": address,
                "dcat:mediaType": {"@id": f"{IANA}{MEDIA[kind]}"},
                "dct:format": {"@id": f"{EU}/file-type/{kind.upper()}"},
                **self._name_days(),
                "dcat:byteSize": {"@type": "xsd:nonNegativeInteger", "@value": ""},
            }


def is_measured(node: Node) -> bool:
    """Whether a value is measured of a file, and not derived."""
    return node.kind in MEASURED or node.place.endswith(MEASURED)


def pick(nodes: Sequence[Node], kind: str) -> list[Node]:
    """The nodes of a kind."""
    return [node for node in nodes if node.kind == kind]
