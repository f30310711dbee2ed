"""Names and texts as SQL writes them, and the macros that every statement may use."""

from __future__ import annotations

# A label without what differs by accident (case, kinds of space, characters without width, controls
# and marks of direction, the way an accent is composed), a cell without spaces around it, and
# numbers whose thousands are grouped.
# Of an hour that a clock had twice the first is taken, where ICU takes the second; an hour that it
# left out doesn't come back as it was.
MACROS = r"""
CREATE OR REPLACE MACRO folded(lowered) AS
  CASE WHEN regexp_matches(lowered, '[ßςﬀﬁﬂﬃﬄ]') THEN
    replace(replace(replace(replace(replace(replace(replace(lowered, 'ß', 'ss'), 'ς', 'σ'),
      'ﬃ', 'ffi'), 'ﬄ', 'ffl'), 'ﬀ', 'ff'), 'ﬁ', 'fi'), 'ﬂ', 'fl')
  ELSE lowered END;
CREATE OR REPLACE MACRO plain(label) AS
  folded(lower(replace(trim(regexp_replace(nfc_normalize(regexp_replace(label,
    '[\x{200B}-\x{200F}\x{2060}\x{FEFF}\x{00AD}\x{061C}\x{202A}-\x{202E}\x{2066}-\x{2069}' ||
    '\x{00}-\x{08}\x{0E}-\x{1B}\x{7F}-\x{84}\x{86}-\x{9F}]', '', 'g')),
    '[\s\x{0B}\x{1C}-\x{1F}\x{85}\p{Z}]+', ' ', 'g')), 'İ', 'i̇')));
CREATE OR REPLACE MACRO bare(cell) AS
  regexp_replace(cell,
    '^[\s\x{0B}\x{1C}-\x{1F}\x{85}\p{Z}]+|[\s\x{0B}\x{1C}-\x{1F}\x{85}\p{Z}]+$', '', 'g');
CREATE OR REPLACE MACRO grouped(cell, mark) AS
  CASE WHEN regexp_full_match(replace(replace(bare(cell), chr(160), ' '), chr(8239), ' '),
    '\d{1,3}([' || mark || ']\d{3}){1,4}|\d{1,15}')
  THEN regexp_replace(cell, '\D', '', 'g')::BIGINT END;
CREATE OR REPLACE MACRO at_first(stamp, zone) AS
  CASE WHEN ((stamp AT TIME ZONE zone) - INTERVAL 1 HOUR) AT TIME ZONE zone = stamp
    THEN (stamp AT TIME ZONE zone) - INTERVAL 1 HOUR
  WHEN ((stamp AT TIME ZONE zone) - INTERVAL 30 MINUTE) AT TIME ZONE zone = stamp
    THEN (stamp AT TIME ZONE zone) - INTERVAL 30 MINUTE
  ELSE stamp AT TIME ZONE zone END;
CREATE OR REPLACE MACRO moved(stamp, written, local) AS
  at_first(stamp, written) AT TIME ZONE local;
CREATE OR REPLACE MACRO existed(stamp, zone) AS
  (stamp AT TIME ZONE zone) AT TIME ZONE zone = stamp;
""".strip()


def name(column: str) -> str:
    """A column of an export, as SQL writes a name."""
    return '"' + column.replace('"', '""') + '"'


def text(value: str) -> str:
    """A text, as SQL writes it."""
    return "'" + value.replace("'", "''") + "'"


def bare(cell: str) -> str:
    """A cell without spaces around it."""
    return f"bare({cell})"


def listed(values: list[str]) -> str:
    """Texts in brackets, for IN."""
    return "(" + ", ".join(text(value) for value in values) + ")"
