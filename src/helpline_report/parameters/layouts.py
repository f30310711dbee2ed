"""Layouts: what the files, columns and labels of one system's exports mean, read from YAML."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal, get_args

from pydantic import Field

from helpline_report.errors import ParametersError, nearest
from helpline_report.parameters import yaml
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.row_layouts import FieldName, RowFile
from helpline_report.parameters.values import Identifier, Text
from helpline_report.parameters.web_service import Headers, Kind, index_names, service, simple

# Where a code is unknown, all codes of its field are named if there are at most this many.
FEW_CODES = 12
MeasureName = Literal["users", "page_views", "sessions"]
TRAFFIC_DIMENSIONS = ("site", "device", "traffic_channel", "referrer", "user_gender")
UserMetric = Literal["users", "active_users", "total_users"]


class WantedDimension(yaml.CheckedModel):
    """A field of traffic: the service's dimensions that give it, and the code of each label."""

    dimensions: list[str] = Field(min_length=1, alias="from")
    codes: dict[str, str] = {}

    def _complaints(self) -> Iterator[str]:
        known = service().dimensions
        for name in self.dimensions:
            if name not in known:
                yield f"the service has no dimension '{name}'{nearest(name, [*known])}"
            elif known[name].grain is not None or known[name].personal:
                yield f"the dimension '{name}' is no field of visits"


class WebFolder(yaml.CheckedModel):
    """A folder of web analytics exports: what is wanted of them, not how they are written.

    `users` are the metrics that count as users: the first of them that a block has. `properties`
    are the properties (or views) whose exports may lie here, each with the codes that hold of all
    its rows; without it any one is taken. `names` are the files that an edition calls by their own
    names; others are numbered. `banners` are lines that the banner of such a file must have: its
    view, its segment. `headers` are names of columns in a language that this program lacks, by
    metric or dimension, and `thousands` is how that groups digits. `visitors` says what becomes of
    tables with a row a visitor: they are refused, or only their totals are read.
    """

    users: list[UserMetric] = Field(min_length=1)
    dimensions: dict[FieldName, WantedDimension] = {}
    properties: dict[Text, dict[FieldName, str]] = {}
    names: list[Text] = []
    banners: dict[Text, list[Text]] = {}
    headers: dict[str, list[Text]] = {}
    thousands: Literal[".", ",", " ", "'"] | None = None
    visitors: Literal["refuse", "totals_only"] = "refuse"
    encodings: list[Literal["utf-8", "windows-1252"]] = ["utf-8"]

    def _complaints(self) -> Iterator[str]:
        fields = [*self.dimensions, *(f for item in self.properties.values() for f in item)]
        for field in (field for field in fields if field not in TRAFFIC_DIMENSIONS):
            yield f"there is no dimension '{field}'{nearest(field, list(TRAFFIC_DIMENSIONS))}"
        for name in (name for name in self.banners if name not in self.names):
            yield f"banners: '{name}' isn't among 'names'{nearest(name, self.names)}"
        wanted = self.dimensions.values()
        twice = yaml.find_repeated(name for item in wanted for name in item.dimensions)
        if twice:
            yield f"the dimension '{twice}' gives two fields"
        yield from self._complain_of_headers()

    def _complain_of_headers(self) -> Iterator[str]:
        known = [*service().metrics, *service().dimensions]
        names: dict[str, str] = {}
        for kind in get_args(Kind):
            for each in (index_names("metrics", kind), index_names("dimensions", kind)):
                names |= {text: entry[0] for text, entry in each.items()}
        # 'Users' are others of each kind: a name may stand for both.
        alike = {"users", "active_users"}
        for name, texts in self.headers.items():
            if name not in known:
                yield f"headers: no metric or dimension '{name}'{nearest(name, known)}"
            for text in texts:
                other = names.setdefault(simple(text), name)
                if other != name and {other, name} != alike:
                    yield f"headers: '{text}' is a name of '{other}' already"

    @property
    def added_names(self) -> Headers:
        """The names of columns that the layout adds to those of the service."""
        return tuple((name, tuple(texts)) for name, texts in sorted(self.headers.items()))

    def field_of(self, dimension: str) -> str | None:
        """The field that one of the service's dimensions gives, if any."""
        fields = (f for f, item in self.dimensions.items() if dimension in item.dimensions)
        return next(fields, None)


class Layout(yaml.CheckedModel):
    """The exports of one system, by a short name: files of rows, or a folder of web analytics."""

    layout: Identifier
    about: Text
    files: dict[Identifier, RowFile] = {}
    web: WebFolder | None = None

    def _complaints(self) -> Iterator[str]:
        if not self.files and self.web is None:
            yield "a layout has 'files' or 'web'"


def load_layout(path: Path, root: Path | None = None) -> Layout:
    """Read one layout; `root` is the folder that messages show paths from.

    Raises:
        ParametersError: no such file, or one that the schema refuses.
    """
    return _read_layout(path, root)[0]


def _read_layout(path: Path, root: Path | None) -> tuple[Layout, yaml.Document]:
    document = yaml.read_yaml(path, root)
    layout = yaml.validate(Layout, document)
    if layout.layout != path.stem:
        raise ParametersError(
            f"the file is named '{path.stem}' and says it is layout '{layout.layout}'",
            where=document.place(("layout",)),
        )
    return layout, document


def check_codes(path: Path, lists: Mapping[str, CodeList], root: Path | None = None) -> Layout:
    """Read one layout and check its fields and codes against the code lists.

    Raises:
        ParametersError: with one line for each field or code that no list knows.
    """
    layout, document = _read_layout(path, root)
    complaints: list[str] = []
    # Where the codes of a field stand that lacks one: classes of ages stand in no code list.
    places: dict[str, str] = {}
    for place, table, field, codes in _list_coded(layout):
        known = [name for name, item in lists.items() if item.table == table]
        if field not in known:
            what = f"the table '{table}' has no field '{field}'{nearest(field, known)}"
            complaints.append(f"{document.place(place)}: {what}")
        elif not lists[field].open:
            order = lists[field].order
            # A word near another one may mean something else: of a few codes all are named.
            few = f"; there are: {', '.join(order)}" if len(order) <= FEW_CODES else ""
            for code in dict.fromkeys(code for code in codes if code not in order):
                what = f"the field '{field}' has no code '{code}'{few or nearest(code, order)}"
                complaints.append(f"{document.place(place)}: {what}")
                ages = field == "age_class"
                file = f"data/codelists/{field}.yaml"
                places[field] = "'person_ages' of the edition" if ages else file
    if complaints:
        listed = ", ".join(places[field] for field in sorted(places))
        step = f"the codes stand in {listed}: take one of them, or add yours (docs/add-a-code.md)"
        raise ParametersError("\n".join(complaints), next_step=step if places else "")
    return layout


def _list_coded(layout: Layout) -> Iterator[tuple[yaml.KeyPath, str, str, list[str]]]:
    """Every place of a layout that names codes: where, of which table and field, which."""
    for file_id, file in layout.files.items():
        for table, part in file.tables.items():
            at: yaml.KeyPath = ("files", file_id, "tables", table)
            for name, column in part.columns.items():
                if column.kind == "coded":
                    yield (*at, "columns", name), table, column.field, column.all_codes()
            for field, flags in part.flags.items():
                yield (*at, "flags", field), table, field, list(flags.columns.values())
    if layout.web is not None:
        for name, where in layout.web.properties.items():
            for field, code in where.items():
                yield ("web", "properties", name, field), "traffic", field, [code]
        for field, wanted in layout.web.dimensions.items():
            yield ("web", "dimensions", field), "traffic", field, list(wanted.codes.values())


CORRECTIONS = "corrections.csv"


def name_ledger(edition: str) -> str:
    """The name of the released ledger that stands for the rows of another edition."""
    return f"ledger-{edition}.json"
