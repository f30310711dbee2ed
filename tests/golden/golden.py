"""The golden values: what the figures of an edition are, as published.

`python -m tests.golden.golden EDITION_FOLDER NAME` writes them anew, where an issue changes
numbers on purpose.
"""

import csv
import hashlib
import io
import json
import sys
from pathlib import Path

HERE = Path(__file__).parent
PARTS = ("figures", "series", "crosstabs")


def figures(folder: Path) -> str:
    """`figures.csv` of an edition without the column `cell`: a chapter may be cut up otherwise."""
    text = (folder / "data" / "figures.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(io.StringIO(text, newline=""))
    columns = [name for name in rows.fieldnames or () if name != "cell"]
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of `figures` and of each part of the ledger that holds numbers."""
    ledger = json.loads((folder / "data" / "ledger.json").read_text(encoding="utf-8"))
    texts = {"figures.csv": figures(folder)}
    texts |= {part: json.dumps(ledger[part], sort_keys=True) for part in PARTS}
    return {name: hashlib.sha256(text.encode()).hexdigest() for name, text in texts.items()}


def write(folder: Path, name: str) -> None:
    """Keep the golden values of an edition; those of real exports as hashes alone."""
    (HERE / f"{name}.json").write_text(json.dumps(hashes(folder), indent=1) + "\n")
    if name == "2017":
        (HERE / "figures-2017.csv").write_text(figures(folder), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]), sys.argv[2])
