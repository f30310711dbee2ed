"""Check what a chapter writes, and say what is possible: arguments, and conditions as data."""

import datetime as dt
import inspect
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache, partial, wraps
from numbers import Integral
from types import UnionType
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from helpline_report.errors import ChapterError, PopulationError, nearest
from helpline_report.figures.model import Condition
from helpline_report.figures.register import Register
from helpline_report.parameters.codelists import CODE_PATTERN
from helpline_report.parameters.row_layouts import UNKNOWN
from helpline_report.parameters.yaml import make_error

Checked = TypeVar("Checked")

# Fields whose codes follow each other, and how a whole number is written as a code of each.
ORDERED = {"age": "{:d}", "hour": "{:02d}", "month": "{:02d}", "weekday": "{:d}", "date": ""}
# A message lists up to this many codes (the hours of a day); of more it names the nearest one.
FEW = 25

Code = str | int | dt.date
# Names that texts look up in the parameters, and so no names of figures, begin so.
OF_PARAMETERS = ("fact.", "campaign.", "event.")


def check_arguments(chapter: type[Checked]) -> type[Checked]:
    """Give each public method of a class the check of its arguments."""
    for name, member in list(vars(chapter).items()):
        if inspect.isfunction(member) and not name.startswith("_"):
            setattr(chapter, name, _checked(f"chapter.{name}", member))
    return chapter


def _checked(name: str, method: Callable[..., Any]) -> Callable[..., Any]:
    """A method that checks the number, names and types of its arguments, and names of figures."""
    signature, types = inspect.signature(method), cache(partial(get_type_hints, method))
    # A recorded method has the signature of the function that makes its figure.
    own = [each for key, each in signature.parameters.items() if key != "self"]
    signature = signature.replace(parameters=own)

    @wraps(method)
    def call(chapter: Any, *arguments: Any, **named: Any) -> Any:
        try:
            bound = signature.bind(*arguments, **named)
        except TypeError as error:
            step = f"its arguments are: {', '.join(signature.parameters)}"
            raise ChapterError(f"{name}: {error}", next_step=step) from None
        for argument, value in bound.arguments.items():
            kind = types()[argument]
            is_several = signature.parameters[argument].kind is inspect.Parameter.VAR_POSITIONAL
            for item in value if is_several else [value]:
                if not _fits(item, kind):
                    is_text = isinstance(item, str)
                    other = f"'{item}'" if is_text else f"of the type {type(item).__name__}"
                    step = f"give {_describe_type(kind)}"
                    raise ChapterError(f"{name}: '{argument}' can't be {other}", next_step=step)
        figure = bound.arguments.get("name")
        if figure is not None and not re.match(CODE_PATTERN, figure):
            raise make_error(ChapterError, "figure_name", method=name, name=figure)
        if figure is not None and figure.startswith(OF_PARAMETERS):
            raise make_error(ChapterError, "parameter_name", method=name, name=figure)
        return method(chapter, *arguments, **named)

    return call


def _fits(value: Any, kind: Any) -> bool:
    """Whether a value is of a type; a bool is no int, and a text no sequence."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return any(_fits(value, each) for each in inner)
    if origin is Literal:
        return value in inner
    if origin is tuple:
        pair = isinstance(value, (tuple, list)) and len(value) == len(inner)
        return pair and all(map(_fits, value, inner))
    if origin in (Sequence, Iterable):
        listed = isinstance(value, Sequence) and not isinstance(value, str)
        return listed and all(_fits(item, inner[0]) for item in value)
    return isinstance(value, origin or kind) and not (kind is int and isinstance(value, bool))


def _describe_type(kind: Any) -> str:
    """A type for who gave another: "'previous'", 'Population', 'a sequence of str'."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return " or ".join(_describe_type(each) for each in inner if each is not type(None))
    if origin is Literal:
        return ", ".join(map(repr, inner))
    if origin in (Sequence, Iterable, tuple):
        return f"a {origin.__name__.lower()} of {_describe_type(inner[0])}"
    return str((origin or kind).__name__)


@dataclass(frozen=True)
class Between:
    """The codes from `low` to `high`, both included: `where(age=between(65, None))`.

    For ages, hours, months, weekdays (1 is Monday) and dates. None is no end.
    """

    low: Code | None
    high: Code | None


between = Between


@dataclass(frozen=True)
class Marked:
    """The codes of a field that its code list marks so: `where(form=known)`.

    `missing` are those that say that nothing is known (`missing: true` in the list; of fields
    without a list `unknown`), `known` are all others, and `named` are the known ones without that
    for all that has no code (`rest: true`). A code that the list gets is one of them at once.
    """

    name: Literal["known", "named", "missing"]


known, named, missing = Marked("known"), Marked("named"), Marked("missing")


@dataclass(frozen=True)
class Not:
    """The rows that have a code of the field, and none of these."""

    of: Code | Iterable[Code] | range | Between | Marked


Wanted = Code | Iterable[Code] | range | Between | Marked | Not


def not_(*codes: Code | Iterable[Code] | range | Between | Marked) -> Not:
    """All rows but those with one of these codes: `where(channel=not_("phone", "email"))`.

    A row without any code of the field isn't among them; a row whose code is `unknown` is, but for
    `not_(missing)`. Of a row with several codes none may be one of these.
    """
    if len(codes) > 1 and not all(isinstance(code, (str, int, dt.date)) for code in codes):
        raise PopulationError("not_ takes codes, one list, range or between(…), or missing")
    return Not(codes[0] if len(codes) == 1 else cast("tuple[Code, ...]", codes))


def make_condition(register: Register, field: str, wanted: Wanted) -> Condition:
    """A condition on a field as data: what was written, and the codes that it stands for.

    Raises:
        PopulationError: an unknown code, no code at all, or a form that the field doesn't have.
    """
    if wanted == Not(missing) and not _list_marked(register, field, missing):
        wanted = known
    negated = isinstance(wanted, Not)
    inner = wanted.of if isinstance(wanted, Not) else wanted
    if isinstance(inner, Marked):
        inner = _list_marked(register, field, inner)
    if isinstance(inner, range) and inner.step == 1 and inner:
        inner = Between(inner.start, inner.stop - 1)
    if isinstance(inner, Between):
        written, codes = _span(register, field, inner)
    else:
        written = _names(field, inner)
        codes = _expand(register, field, written)
    if negated:
        every = register.codes(field)
        if every is None:
            raise make_error(PopulationError, "open_codes", field=field)
        codes = tuple(code for code in every if code not in codes)
        if not codes:
            raise PopulationError(f"the condition on '{field}' leaves no code")
    form = "between" if isinstance(inner, Between) else "codes"
    facts = {"field": field, "codes": codes, "terms": written, "form": form, "negated": negated}
    return Condition.model_validate(facts)


def _list_marked(register: Register, field: str, marked: Marked) -> list[str]:
    """The codes that the code list of a field marks so, in its order.

    Raises:
        PopulationError: an open list doesn't have all codes that are known.
    """
    codelist, codes = register.codelists.get(field), register.codes(field)
    absent = {UNKNOWN}
    if codelist is not None:
        absent = {code.code for code in codelist.codes if code.missing}
        codes = codelist.order if marked == missing else codes
    if codes is None:
        raise make_error(PopulationError, "open_codes", field=field)
    rest = {code.code for code in codelist.codes if code.rest} if codelist is not None else set()
    others = absent if marked == known else absent | rest
    return [code for code in codes if (code in absent if marked == missing else code not in others)]


def _names(field: str, wanted: object) -> tuple[str, ...]:
    """Codes as text, in the order in which they were written."""
    if isinstance(wanted, (str, Integral, dt.date)):
        return (_name(field, wanted),)
    if isinstance(wanted, (AbstractSet, Mapping)) or not isinstance(wanted, Iterable):
        kind = type(wanted).__name__
        raise make_error(PopulationError, "condition_type", field=field, type=kind)
    names = tuple(_name(field, code) for code in wanted)
    if not names:
        raise PopulationError(f"the condition on '{field}' names no code")
    return names


def _name(field: str, code: object) -> str:
    if isinstance(code, dt.date):
        return f"{code:%Y-%m-%d}"
    pattern = ORDERED.get(field)
    if isinstance(code, str) and not (pattern and code.isdecimal()):
        return code
    if type(code) is not bool and isinstance(code, (str, Integral)):
        return (pattern or "{:d}").format(int(code))
    raise make_error(PopulationError, "code_type", field=field, type=type(code).__name__)


def _span(register: Register, field: str, span: Between) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The ends of a span as codes ('' for no end), and the codes between them."""
    if field not in ORDERED:
        raise make_error(PopulationError, "no_order", field=field, ordered=", ".join(ORDERED))
    order = [code for code in register.codes(field) or [] if code != UNKNOWN]
    low, high = ("" if end is None else _name(field, end) for end in (span.low, span.high))
    for end in filter(None, (low, high)):
        _refuse_unknown(field, end, order)
    first = order.index(low) if low else 0
    last = order.index(high) if high else len(order) - 1
    if first > last:
        raise PopulationError(f"the condition on '{field}' goes from {low} down to {high}")
    return (low, high), tuple(order[first : last + 1])


def _expand(register: Register, field: str, names: Sequence[str]) -> tuple[str, ...]:
    """The codes that names stand for, groups too, in the order of the code list."""
    codelist = register.codelists.get(field)
    names_of_codes = list(codelist.by_code) if codelist else register.codes(field) or []
    for name in names if codelist is None or not codelist.open else ():
        _refuse_unknown(field, name, names_of_codes)
    wanted = {code for name in names for code in (codelist.expand(name) if codelist else [name])}
    ordered = [code for code in (codelist.order if codelist else names_of_codes) if code in wanted]
    return tuple(ordered + sorted(wanted - set(ordered)))


def _refuse_unknown(field: str, name: str, codes: Sequence[str]) -> None:
    if name not in codes:
        raise PopulationError(f"the field '{field}' has no code '{name}'{hint(name, codes)}")


def hint(name: str, names: Sequence[str]) -> str:
    """What an unknown name may mean: the nearest known one, or else all if they are few."""
    close = nearest(name, list(names))
    return close or (f"; there are: {', '.join(names)}" if 0 < len(names) <= FEW else "")
