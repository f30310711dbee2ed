"""What a person does with proposals: take each as it stands, and fill in what has none."""

from __future__ import annotations

import re
from collections.abc import Mapping

from helpline_report.parameters.yaml import TAG

BARE = re.compile(rf"(?P<key>\w+): {TAG}(?: \"\")? *(?=[,}}#]|$)", re.MULTILINE)


def decided(text: str, answers: Mapping[str, str]) -> str:
    """A YAML text without tags; a key whose tag stands alone gets its answer."""
    filled = BARE.sub(lambda found: f"{found['key']}: {answers.get(found['key'], TAG)} ", text)
    kept = re.sub(rf"{TAG} {TAG}", TAG, filled)
    return re.sub(rf"(?<=[:-] ){TAG} ?", "", kept)
