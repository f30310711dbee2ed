"""Why an export was corrected: a closed list, so that no free text about a row is published."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from helpline_report.parameters.values import Translated

# An edition declares further ones under `correction_reasons`.
REASONS: Mapping[str, Translated] = MappingProxyType(
    {
        "typing_error": Translated(nl="tikfout", en="typing error"),
        "wrong_column": Translated(nl="in de verkeerde kolom gezet", en="put in the wrong column"),
        "wrong_choice": Translated(nl="verkeerde keuze aangeduid", en="wrong choice ticked"),
        "wrong_date": Translated(nl="verkeerde datum ingevuld", en="wrong date filled in"),
        "filled_in_later": Translated(nl="later aangevuld", en="filled in later"),
        "test_record": Translated(nl="testregistratie", en="test record"),
        "entered_twice": Translated(nl="twee keer ingevoerd", en="entered twice"),
        "not_a_contact": Translated(nl="geen contactname", en="not a contact"),
        "export_error": Translated(nl="fout bij het exporteren", en="error in the export"),
        "agreed": Translated(nl="nagevraagd bij wie registreerde", en="agreed with the registrar"),
    }
)


def all_reasons(declared: Mapping[str, Translated]) -> Mapping[str, Translated]:
    """The reasons that corrections may give, by code: built in, and declared by an edition."""
    return {**REASONS, **declared}
