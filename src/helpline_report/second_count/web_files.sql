{% for name in texts %}
{{ create_table(name) }}

{% endfor %}
{{ create_table('web_names', web_names) }}

{{ create_table('web_languages', web_languages) }}

SET VARIABLE property_words = {{ property_words | sql }};

SET VARIABLE total_words = {{ total_words | sql }};

{{ create_table('web_sources') }}

{% for edition, place, layout in folders %}
INSERT INTO web_sources SELECT {{ edition | sql }}, {{ layout | sql }}, {{ place }}, filename, content
FROM read_text({{ (edition ~ '/' ~ layout ~ '/*') | sql }});

{% endfor %}
{{ create_table('web_file_names', file_names) }}

{{ create_table('web_folders', layout_folders) }}

-- A folder that is named otherwise stops the script.
SELECT error('there is no file in ' || edition || '/' || layout || '/')
FROM web_folders ANTI JOIN web_sources USING (edition, layout);
-- A line is cut at its marks but for those in quotes.
CREATE OR REPLACE MACRO cells_of(written, mark) AS
  list_transform(
    regexp_extract_all(written || mark, '("(?:[^"]|"")*"|[^' || mark || ']*)' || mark, 1),
    lambda cell: replace(regexp_replace(cell, '^"(.*)"$', '\1'), '""', '"'));
-- Web analytics exports as CSV become blocks and their cells. A header stands below a blank line or
-- a comment; no cell runs over two lines. Tables that compare two periods are left out.
CREATE OR REPLACE TABLE web_marked AS
WITH named AS (
  SELECT web_sources.*, name, name_place
  FROM web_sources LEFT JOIN web_file_names
    ON web_file_names.layout = web_sources.layout AND name = regexp_extract(filename, '[^/\\]*$')
), written AS (
  -- Files whose names the layout expects come first; others are numbered.
  SELECT edition, layout, row_number() OVER (ORDER BY edition, source, name_place, filename) AS place,
    coalesce(name, layout || '-' ||
      row_number() OVER (PARTITION BY edition, source, name IS NULL ORDER BY filename) ||
      lower(regexp_extract(filename, '\.[^.]*$'))) AS file,
    string_split(regexp_replace(content, '\x{FEFF}|\r', '', 'g'), chr(10)) AS texts,
    list_filter(texts, lambda each: NOT regexp_matches(each, '^[\s",;]*(#|$)'))[1] AS head,
    CASE WHEN contains(head, chr(9)) THEN chr(9) WHEN contains(head, ';') THEN ';' ELSE ',' END AS mark
  FROM named
), web_lines AS (
  SELECT * EXCLUDE (texts), generate_subscripts(texts, 1) AS line,
    cells_of(unnest(texts), mark) AS cells
  FROM written
), lines AS (
  SELECT *, list_filter(cells, lambda cell: bare(cell) <> '') AS filled,
    coalesce(starts_with(ltrim(cells[1]), '#'), false) AS hash,
    coalesce(lag(filled = [] OR hash) OVER (PARTITION BY edition, file ORDER BY line), true) AS apart
  FROM web_lines
), marked AS (
  SELECT *, hash AND (len(filled) = 1 OR apart) AS is_comment,
    apart AND NOT hash AND NOT list_contains([regexp_full_match(bare(cell),
      '\p{L}{0,3}\W{0,3}\d[\d.,:\s%]*\W?') FOR cell IN cells[2:]], true) AS is_header,
    CASE WHEN is_comment THEN regexp_replace(array_to_string(filled, ', '), '^\s*#\s*', '') END
      AS comment,
    TRY_CAST(regexp_replace(comment, '^[^\d:]+:\s*(\d{4})(\d{2})(\d{2})$', '\1-\2-\3') AS DATE)
      AS labelled_day,
    [TRY_CAST(regexp_replace(comment, '.*?(\d{4})(\d{2})(\d{2})\s*[-–—]\s*(\d{4})(\d{2})(\d{2}).*',
      days) AS DATE) FOR days IN ['\1-\2-\3', '\4-\5-\6']] AS span
  FROM lines WHERE filled <> []
)
SELECT *, count(*) FILTER (is_header) OVER so_far AS block,
  last_value(CASE WHEN span[1] IS NOT NULL THEN span END IGNORE NULLS) OVER so_far AS banner,
  CASE WHEN bool_or(labelled_day IS NOT NULL OR list_contains(filled, 'Grand total')) OVER of_file
    THEN 'ga4' ELSE 'ua' END AS kind,
  -- The property stands behind that word, or in the first line of a banner with a period.
  coalesce(first_value(CASE WHEN list_contains(getvariable('property_words'),
      plain(split_part(comment, ':', 1))) THEN trim(split_part(comment, ':', 2)) END IGNORE NULLS)
      OVER of_file,
    first_value(CASE WHEN NOT regexp_full_match(comment, '[-=*\s]*') THEN comment END IGNORE NULLS)
      OVER of_file) AS property
FROM marked
WINDOW so_far AS (PARTITION BY edition, file ORDER BY line),
  of_file AS (PARTITION BY edition, file ORDER BY line
    ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING);

CREATE OR REPLACE TABLE web_columns AS
SELECT headers.*, web_names.* EXCLUDE (layout, kinds, titles), list_filter(map_keys(titles),
    lambda language: list_contains(titles[language], title)) AS languages
FROM (
  SELECT edition, file, place, layout, kind, property, block, banner,
    plain(translate(unnest(cells), '’–', '''-')) AS title, generate_subscripts(cells, 1) AS column_place
  FROM web_marked WHERE is_header
) AS headers LEFT JOIN web_names
  ON web_names.layout = headers.layout AND list_contains(kinds, kind)
    AND list_contains(flatten(map_values(titles)), title)
WHERE title <> '';

INSERT INTO web_blocks BY NAME
SELECT * EXCLUDE (banner, days, languages, thousands),
  CASE coalesce(len(days), 0) WHEN 2 THEN days[1] WHEN 0 THEN banner[1] END AS period_start,
  CASE coalesce(len(days), 0) WHEN 2 THEN days[2] WHEN 0 THEN banner[2] END AS period_end,
  -- Digits are grouped as in the languages that have all names of the header.
  list_filter([thousands[language] FOR language IN coalesce(languages, [])],
    lambda mark: mark IS NOT NULL) AS marks
FROM (
  SELECT edition, file, place AS file_place, layout, kind, block, property, banner,
    any_value(name) FILTER (NOT is_metric) AS dimension,
    count(*) FILTER (NOT is_metric) AS dimensions,
    bool_or(is_metric) AND min(column_place) FILTER (is_metric)
      < coalesce(min(column_place) FILTER (name IS NULL), 999) AS known,
    known AND coalesce(bool_and(whole) FILTER (NOT is_metric), true) AS whole,
    coalesce(bool_or(personal), false) AS personal,
    list_reduce(list(languages) FILTER (name IS NOT NULL),
      lambda one, other: list_intersect(one, other)) AS languages
  FROM web_columns GROUP BY ALL
) LEFT JOIN web_languages USING (layout) LEFT JOIN (
  SELECT edition, file, block + 1 AS block,
    coalesce(list(labelled_day ORDER BY line) FILTER (labelled_day IS NOT NULL), []) AS days
  FROM web_marked WHERE is_comment GROUP BY ALL
) USING (edition, file, block);

INSERT INTO web_cells BY NAME
WITH rows AS (
  SELECT web_marked.*, places[1] AS label_place, width,
    [bare(cells[nr]) FOR nr IN CASE WHEN places = [] THEN [1] ELSE places END] AS labels,
    list_contains([list_contains(getvariable('total_words'), plain(cell))
      FOR cell IN labels || cells[width + 1:]], true) AS says_total
  FROM web_marked JOIN (
    SELECT edition, file, block, max(column_place) AS width,
      coalesce(list(column_place ORDER BY column_place) FILTER (NOT is_metric), []) AS places
    FROM web_columns GROUP BY ALL
  ) USING (edition, file, block)
  WHERE NOT is_header AND NOT coalesce(is_comment, false)
)
SELECT edition, file, block, line AS row_place, line, coalesce(cells[label_place], '') AS label,
  list_filter(labels, lambda each: each <> '' AND NOT list_contains(getvariable('total_words'),
    plain(each))) = [] AND (says_total OR array_to_string(labels, '') = '') AS is_total,
  column_place, name AS metric, cells[column_place] AS cell
FROM rows JOIN web_columns USING (edition, file, block) WHERE is_metric;

INSERT INTO web_files
SELECT edition, file, place, count(*) FILTER (NOT is_header AND NOT is_comment)
FROM web_marked GROUP BY ALL;
