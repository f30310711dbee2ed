"""What the parameters name in other files: layouts, helplines, codes of targets, printed ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from helpline_report.errors import ParametersError, nearest
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.dated import undeclared
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.project import Project


def check_named(project: Project, edition: Edition, codelists: Mapping[str, CodeList]) -> None:
    """Find names that lead nowhere before anything is read or run.

    Raises:
        ParametersError: with one line for each of them.
    """
    where = f"params/{edition.edition}.yaml"
    complaints = [
        *_layouts(project, edition),
        *_lines(edition, codelists),
        *_targets(edition, codelists),
        *(f"printed: there is no file '{p}'" for p in _absent(project, edition)),
        *undeclared(project, edition, codelists),
    ]
    if complaints:
        raise ParametersError("\n".join(f"{where}: {complaint}" for complaint in complaints))


def _layouts(project: Project, edition: Edition) -> Iterator[str]:
    known = sorted(path.stem for path in (project.root / "params" / "layouts").glob("*.yaml"))
    for place, source in enumerate(edition.sources):
        if source.layout not in known:
            close = nearest(source.layout, known) or f"; there are: {', '.join(known)}"
            yield f"sources.{place}.layout: there is no layout '{source.layout}'{close}"


def _lines(edition: Edition, codelists: Mapping[str, CodeList]) -> Iterator[str]:
    known = codelists["helpline"].order if "helpline" in codelists else []
    for line in edition.helpline.lines:
        if line not in known:
            yield f"helpline.lines: no helpline '{line}' in the code list{nearest(line, known)}"


def _targets(edition: Edition, codelists: Mapping[str, CodeList]) -> Iterator[str]:
    classes = [item.code for item in edition.person_ages]
    for campaign in edition.campaigns:
        for field, codes in (campaign.target.persons if campaign.target else {}).items():
            place = f"campaigns.{campaign.id}.target"
            codelist = codelists.get(field)
            if codelist is None and field != "age_class":
                yield f"{place}: there is no field '{field}'{nearest(field, list(codelists))}"
                continue
            known = list(codelist.by_code) if codelist else classes
            for code in codes:
                if code not in known:
                    yield f"{place}: '{field}' has no code '{code}'{nearest(code, known)}"


def _absent(project: Project, edition: Edition) -> list[str]:
    named = [*edition.printed, *([edition.trend.file] if edition.trend else [])]
    return [path for path in named if not project.resolve(path).is_file()]
