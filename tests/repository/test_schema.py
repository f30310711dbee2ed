"""The JSON Schema of the parameters, which editors read."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from helpline_report.commands import app
from tests.repository.tree import ROOT, relative_path

SCHEMA = ROOT / "params" / "schema.json"
PARAMETERS = sorted((ROOT / "params").glob("*.yaml"))


def test_the_schema_is_the_programs() -> None:
    """params/schema.json is what `helpline-report schema` prints, to the letter."""
    printed = CliRunner().invoke(app, ["schema"]).stdout
    assert SCHEMA.read_text(encoding="utf-8") == printed


@pytest.mark.parametrize("path", PARAMETERS, ids=relative_path)
def test_parameters_name_their_schema(path: Path) -> None:
    """The first line of each edition's parameters tells editors where the schema is."""
    first = path.read_text(encoding="utf-8").partition("\n")[0]
    assert first == "# yaml-language-server: $schema=schema.json"


@pytest.mark.parametrize("path", PARAMETERS, ids=relative_path)
def test_parameters_fit_the_schema(path: Path) -> None:
    """An editor that knows the schema finds no fault in the parameters that ship."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    parameters = as_json(yaml.safe_load(path.read_text(encoding="utf-8")))
    faults = [error.json_path for error in Draft202012Validator(schema).iter_errors(parameters)]
    assert faults == []


def as_json(value: Any) -> Any:
    """YAML as an editor that checks JSON sees it: a date is a text."""
    return json.loads(json.dumps(value, default=dt.date.isoformat))
