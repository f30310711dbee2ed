-- A text without case: more letters than `lower` knows have two forms.
CREATE OR REPLACE MACRO folded(lowered) AS
  CASE WHEN regexp_matches(lowered, '[ßςﬀﬁﬂﬃﬄ]') THEN
    replace(replace(replace(replace(replace(replace(replace(lowered, 'ß', 'ss'), 'ς', 'σ'),
      'ﬃ', 'ffi'), 'ﬄ', 'ffl'), 'ﬀ', 'ff'), 'ﬁ', 'fi'), 'ﬂ', 'fl')
  ELSE lowered END;
-- A label without what differs by accident: case, kinds of space, characters without width, controls,
-- marks of direction, and the way an accent is composed.
CREATE OR REPLACE MACRO plain(label) AS
  folded(lower(replace(trim(regexp_replace(nfc_normalize(regexp_replace(label,
    '[\x{200B}-\x{200F}\x{2060}\x{FEFF}\x{00AD}\x{061C}\x{202A}-\x{202E}\x{2066}-\x{2069}' ||
    '\x{00}-\x{08}\x{0E}-\x{1B}\x{7F}-\x{84}\x{86}-\x{9F}]', '', 'g')),
    '[\s\x{0B}\x{1C}-\x{1F}\x{85}\p{Z}]+', ' ', 'g')), 'İ', 'i̇')));
-- A cell without spaces around it.
CREATE OR REPLACE MACRO bare(cell) AS
  regexp_replace(cell,
    '^[\s\x{0B}\x{1C}-\x{1F}\x{85}\p{Z}]+|[\s\x{0B}\x{1C}-\x{1F}\x{85}\p{Z}]+$', '', 'g');
-- A whole number, with an apostrophe before it, thousands apart or zeros behind it.
CREATE OR REPLACE MACRO whole_number(cell, marks, decimal) AS
  TRY_CAST(regexp_replace(regexp_replace(bare(ltrim(bare(cell), '''')), marks, '', 'g'),
    '[' || decimal || ']0+$', '') AS INTEGER);
-- A whole number whose thousands may be grouped by a mark.
CREATE OR REPLACE MACRO grouped(cell, mark) AS
  CASE WHEN regexp_full_match(replace(replace(bare(cell), chr(160), ' '), chr(8239), ' '),
    '\d{1,3}([' || mark || ']\d{3}){1,4}|\d{1,15}')
  THEN regexp_replace(cell, '\D', '', 'g')::BIGINT END;
-- The moment of a local time of a zone; an hour that occurs twice in autumn is read as the first.
CREATE OR REPLACE MACRO at_first(stamp, zone) AS
  CASE WHEN ((stamp AT TIME ZONE zone) - INTERVAL 1 HOUR) AT TIME ZONE zone = stamp
    THEN (stamp AT TIME ZONE zone) - INTERVAL 1 HOUR
  WHEN ((stamp AT TIME ZONE zone) - INTERVAL 30 MINUTE) AT TIME ZONE zone = stamp
    THEN (stamp AT TIME ZONE zone) - INTERVAL 30 MINUTE
  ELSE stamp AT TIME ZONE zone END;
-- A stamp that one clock wrote, by another clock.
CREATE OR REPLACE MACRO moved(stamp, written, local) AS
  at_first(stamp, written) AT TIME ZONE local;
-- Whether the clock of a zone had a stamp: in spring it leaves an hour out.
CREATE OR REPLACE MACRO existed(stamp, zone) AS
  (stamp AT TIME ZONE zone) AT TIME ZONE zone = stamp;
