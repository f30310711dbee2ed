"""Check the names in parameters that lead elsewhere: layouts, codes, files, breaks."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from helpline_report.errors import ParametersError, nearest
from helpline_report.parameters.codelists import CodeList, add_age_classes
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.help_numbers import name_help_file, read_help_numbers
from helpline_report.parameters.layouts import check_codes, load_layout
from helpline_report.parameters.project import Project
from helpline_report.parameters.row_layouts import DERIVED, DatedCode, TableLayout

BREAK = """\
breaks: the codes of '{field}' change on {day} ({codes}), and no break says so; add there, or say \
which code was split with 'kind: split':
      - id: {field}_{day:%Y_%m_%d}
        kind: revision
        field: {field}
        date: {day}
        note: {{nl: "…", en: "…"}}"""
# A fact that a text names.
FACT = re.compile(r"\bfact\.([a-z][a-z0-9_]*)")
# The parameters that tell one helpline from another.
IDENTIFYING = re.compile(r"helpline\..*|facts\.(phone|number|website|email)")
# The parameters whose texts are of one helpline alone.
OF_ONE_HELPLINE: dict[str, Any] = {
    "helpline": {"name", "full_name", "website"},
    "facts": True,
    "help": True,
    "trend": {"file"},
    "disclosure": {"reason"},
    "publisher": {
        "responsible": True,
        "address": True,
        "accessibility": {"tested", "limits", "email", "phone", "enforcement"},
    },
}


def check_edition(project: Project, name: str, overrides: Sequence[str] = ()) -> None:
    """Check the parameters of an edition, its code lists and the layouts that it reads.

    What its comparison names is checked when that is read: staff aren't handed it.

    Raises:
        ParametersError: there is a mistake in one of them.
    """
    edition = project.edition(name, overrides)
    editions = [edition, project.edition(edition.comparison)] if edition.comparison else [edition]
    codelists = project.codelists()
    check_names(project, edition, codelists)
    read = editions if edition.comparison_ledger is None else editions[:1]
    lists = add_age_classes(codelists, edition)
    for layout in sorted({source.layout for each in read for source in each.sources}):
        check_codes(project.layout_file(layout), lists, project.root)


def check_names(project: Project, edition: Edition, codelists: Mapping[str, CodeList]) -> None:
    """Refuse names of things that aren't there, before anything is read or run.

    Raises:
        ParametersError: with one line for each of them.
    """
    where = f"params/{edition.edition}.yaml"
    named = [("printed", path) for path in edition.printed]
    named += [("trend.file", edition.trend.file)] if edition.trend else []
    missing = [(key, path) for key, path in named if not project.resolve(path).is_file()]
    complaints = [
        *_find_unknown_names(project, edition, codelists),
        *_find_fields_without_groups(edition, codelists),
        *(f"{key}: there is no file '{path}'" for key, path in missing),
        *find_undeclared_breaks(project, edition, codelists),
    ]
    if complaints:
        raise ParametersError("\n".join(f"{where}: {complaint}" for complaint in complaints))


def _find_unknown_names(
    project: Project, edition: Edition, codelists: Mapping[str, CodeList]
) -> Iterator[str]:
    layouts = sorted(path.stem for path in project.layout_file("").parent.glob("*.yaml"))
    for at, source in enumerate(edition.sources):
        if source.layout not in layouts:
            close = nearest(source.layout, layouts) or f"; there are: {', '.join(layouts)}"
            yield f"sources.{at}.layout: there is no layout '{source.layout}'{close}"
    lines = codelists["helpline"].order if "helpline" in codelists else []
    for line in edition.helpline.lines:
        if line not in lines:
            yield f"helpline.lines: no helpline '{line}' in the code list{nearest(line, lines)}"
    lists = add_age_classes(codelists, edition)
    codes_of: dict[str, list[str]] = {field: [] for field in DERIVED}
    codes_of |= {field: list(codelist.by_code) for field, codelist in lists.items()}
    for place, field, codes in _list_named_codes(edition):
        if field not in codes_of:
            yield f"{place}: there is no field '{field}'{nearest(field, list(codes_of))}"
            continue
        is_open = field in lists and lists[field].open
        for code in () if is_open else codes:
            if code not in codes_of[field]:
                close = nearest(code, codes_of[field])
                yield f"{place}: '{field}' has no code '{code}'{close}"
    groups = edition.groups.get("gender", {})
    both = set(groups.get("women", ())) & set(groups.get("men", ()))
    if both:
        yield f"groups.gender: '{min(both)}' would count among the women and among the men"
    yield from _find_moved_splits(edition, codelists)


def _list_named_codes(edition: Edition) -> Iterator[tuple[str, str, Sequence[str]]]:
    """The fields and codes that an edition names, with the place where it does."""
    for campaign in edition.campaigns:
        target = campaign.target.persons if campaign.target is not None else {}
        for field, codes in target.items():
            yield f"campaigns.{campaign.id}.target", field, codes
    for field, groups in edition.groups.items():
        for group, codes in groups.items():
            yield f"groups.{field}.{group}", field, codes
    for item in edition.breaks:
        if item.field:
            yield f"breaks.{item.id}", item.field, [*filter(None, [item.old]), *item.new]


def _find_moved_splits(edition: Edition, codelists: Mapping[str, CodeList]) -> Iterator[str]:
    """A split on another day than that on which, by the code list, its codes begin and end."""
    for item in edition.breaks:
        if item.kind != "split" or item.field is None or item.field not in codelists:
            continue
        codes = codelists[item.field].by_code
        starts = {codes[name].start for name in item.new if name in codes}
        # A code that was always there doesn't say when the other began.
        days = set() if None in starts else starts
        old = codes.get(item.old or "")
        if old is not None and old.until is not None:
            days.add(old.until + dt.timedelta(days=1))
        if days and item.date not in days:
            listed = ", ".join(sorted(map(str, days)))
            yield f"breaks.{item.id}: the split is on {item.date}, by the code list on {listed}"


def _find_fields_without_groups(
    edition: Edition, codelists: Mapping[str, CodeList]
) -> Iterator[str]:
    """Fields to be counted by groups of codes that their list hasn't: finer counts would stay."""
    coarser = (edition.disclosure and edition.disclosure.coarser) or {}
    by_group = [("disclosure.coarser", each) for each, into in coarser.items() if into == "parent"]
    by_group += [(f"by_groups.{name}", field) for name, field in edition.by_groups.items()]
    grouped = [name for name, codelist in codelists.items() if codelist.groups]
    for place, field in by_group:
        if field not in grouped:
            yield f"{place}: no groups of '{field}'; there are some of: {', '.join(grouped)}"


def find_undeclared_breaks(
    project: Project, edition: Edition, lists: Mapping[str, CodeList]
) -> Iterator[str]:
    """What to add to `breaks`, for each day on which codes of a field begin or end.

    Days count after the first day of the comparison year or, without one, of the edition.
    """
    before = project.edition(edition.comparison) if edition.comparison else edition
    changes: dict[tuple[str, str, dt.date], set[str]] = {}
    for table, part in _list_table_layouts(project, edition):
        for field, code in _list_dated(part, lists):
            first, last = code.days
            after = last + dt.timedelta(days=1) if last < edition.period.end else first
            for day in (first, after):
                if before.period.start < day <= edition.period.end:
                    changes.setdefault((table, field, day), set()).add(code.code)
    declared = {(item.field, item.date) for item in (*edition.breaks, *before.breaks)}
    for item in (*edition.breaks, *before.breaks):
        if item.kind == "revision":
            declared.update((table, item.date) for table in item.tables)
    for (table, field, day), codes in sorted(changes.items()):
        if declared.isdisjoint({(field, day), (table, day)}):
            yield BREAK.format(field=field, day=day, codes=", ".join(sorted(codes)))


def _list_table_layouts(project: Project, edition: Edition) -> Iterator[tuple[str, TableLayout]]:
    """Each table of rows that the layouts of an edition know; it may name one that isn't there."""
    for name in dict.fromkeys(source.layout for source in edition.sources):
        path = project.layout_file(name)
        files = load_layout(path, project.root).files.values() if path.is_file() else ()
        yield from (each for file in files for each in file.tables.items())


def _list_dated(
    part: TableLayout, lists: Mapping[str, CodeList]
) -> Iterator[tuple[str, DatedCode]]:
    """The codes of a table that the layout or the code list dates, with their field."""
    coded = part.coded()
    for field, columns in coded.items():
        meanings = (codes for column in columns for codes in column.codes.values())
        yield from ((field, code) for codes in meanings for code in codes)
    for field in dict.fromkeys([*part.flags, *coded]):
        if field in lists:
            known = part.codes_of(field)
            yield from ((field, code) for code in lists[field].codes if code.code in known)


def list_notes(project: Project, name: str) -> Iterator[str]:
    """Lines about what the author of a new edition should look at; none of it stops a build.

    Raises:
        ParametersError: the file of help numbers isn't there, or isn't as it should be.
    """
    yield from find_copied_facts(project, name)
    edition, place = project.edition(name), f"  params/{name}.yaml"
    for fact in sorted(edition.facts.keys() - find_named_facts(project, name)):
        if not IDENTIFYING.fullmatch(f"facts.{fact}"):
            close = nearest(fact, sorted(find_named_facts(project)))
            yield f"{place}: no text uses 'facts.{fact}'{close}"
    if "gender" not in edition.groups and _tells_genders(project, edition):
        yield (
            f"{place}: 'groups' doesn't say whom 'girls or women' and 'boys or men' count, and the "
            "layout has other genders too (docs/new-helpline.md)"
        )
    if edition.rows == "confidential" and not edition.draft and not edition.threshold:
        yield (
            f"{place}: 'disclosure' has no threshold for small numbers yet: only a draft can be "
            "built, with --draft (docs/disclosure.md)"
        )
    if edition.help is not None and not read_help_numbers(edition.help, project.root).numbers:
        what = "there are no help numbers: the box on the page stays empty"
        yield f"  {name_help_file(edition.help)}: {what} (docs/new-helpline.md)"


def find_named_facts(project: Project, name: str = "") -> set[str]:
    """The facts that the chapters, or the texts of an edition, name."""
    paths = [*project.notebooks.rglob("*.ipynb"), *project.notebooks.rglob("*.md")]
    paths += (project.root / "params" / name).rglob("*.md") if name else ()
    texts = (path.read_text("utf-8", "replace") for path in paths)
    return {fact for text in texts for fact in FACT.findall(text)}


def _tells_genders(project: Project, edition: Edition) -> bool:
    """Whether a layout knows genders of persons beside those that the report speaks of."""
    lists = project.codelists()
    genders = lists["gender"].codes if "gender" in lists else ()
    missing = {code.code for code in genders if code.missing}
    codes = set[str]()
    for _, layout in _list_table_layouts(project, edition):
        for column in layout.columns.values():
            if column.kind == "coded" and column.field == "gender":
                codes.update(column.all_codes())
    return bool(codes - missing - {"female", "male"})


def find_copied_facts(project: Project, name: str) -> Iterator[str]:
    """Lines about texts of an edition that were perhaps copied from another helpline's edition.

    These are names, numbers and addresses of the other helpline in the edition's own facts, and
    texts on who decides, answers and tested that are the same word for word. An edition that can't
    be read yet is skipped.
    """
    edition = project.edition(name)
    own_texts = dict(_list_texts(edition.model_dump(include=OF_ONE_HELPLINE)))
    reported: set[tuple[str, str]] = set()
    for other_name in project.editions():
        try:
            other = project.edition(other_name)
        except ParametersError:
            continue
        helpline = other.helpline.name
        texts = _list_texts(other.model_dump(include=OF_ONE_HELPLINE))
        for place, text in texts if helpline != edition.helpline.name else ():
            for own_place in _find_copies(place, text, own_texts):
                if (own_place, helpline) not in reported:
                    reported.add((own_place, helpline))
                    yield (
                        f"  params/{name}.yaml: {own_place} says '{text}', as "
                        f"params/{other_name}.yaml does of {helpline} ({place}): was it copied?"
                    )


def _find_copies(place: str, text: str, own_texts: Mapping[str, str]) -> Iterator[str]:
    """The places of an edition that hold a text of another helpline's edition."""
    word = re.compile(rf"(?<!\w){re.escape(text)}(?!\w)")
    for own_place, own_text in own_texts.items():
        if own_place.startswith(("helpline.", "facts.")):
            if IDENTIFYING.fullmatch(place) and word.search(own_text):
                yield own_place
        elif (own_place, own_text) == (place, text):
            yield own_place


def _list_texts(value: object, place: str = "") -> Iterator[tuple[str, str]]:
    """The texts in parameters, each with its place."""
    if isinstance(value, str):
        yield place, value
    inside = value.items() if isinstance(value, dict) else ()
    for key, each in enumerate(value) if isinstance(value, list) else inside:
        yield from _list_texts(each, f"{place}.{key}".strip("."))
