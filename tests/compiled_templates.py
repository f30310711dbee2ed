"""Compile each template once in a process that makes many editions."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import jinja2


@contextmanager
def compile_templates_once() -> Iterator[None]:
    """Each edition opens its templates anew; a process that makes a hundred compiles them once."""
    compile_template = jinja2.Environment.compile
    compiled: dict[Any, Any] = {}

    def compile_new(
        environment: jinja2.Environment,
        source: Any,
        name: Any = None,
        filename: Any = None,
        **more: Any,
    ) -> Any:
        settings = (environment.lexer, environment.autoescape, environment.finalize)
        key = (settings, source, name, filename)
        if key not in compiled:
            compiled[key] = compile_template(environment, source, name, filename, **more)
        return compiled[key]

    with patch.object(jinja2.Environment, "compile", compile_new):
        yield
