SET VARIABLE collapsed = [plain(word) FOR word IN {{ collapsed | sql }}];

-- The figures of website traffic, from the cells of web analytics exports (`web_cells`), which stand
-- in blocks, each of one header and one period (`web_blocks`).
CREATE OR REPLACE TABLE traffic AS
WITH of_period AS (
  -- A block below a table of some visits counts these alone, in version 3.
  SELECT web_blocks.*, first, last, codes
  FROM web_blocks JOIN editions USING (edition)
    LEFT JOIN web_properties USING (layout, property)
    JOIN (SELECT edition, file, whole AS top_is_whole FROM web_blocks WHERE block = 1) AS top
    USING (edition, file)
  WHERE known AND period_start = first AND period_end = last
    AND (kind = 'ga4' OR block = 1 OR top_is_whole)
), users AS (
  -- Of the metrics that the layout calls users the first that a block has.
  SELECT edition, file, block, arg_min(metric, place) AS users
  FROM web_cells JOIN of_period USING (edition, file, block) JOIN web_users USING (layout, metric)
  GROUP BY ALL
), numbers AS (
  SELECT web_cells.* EXCLUDE (metric), of_period.* EXCLUDE (edition, file, block),
    CASE WHEN metric = users THEN 'users' ELSE metric END AS measure,
    coalesce(list_filter([grouped(cell, mark) FOR mark IN marks], lambda n: n IS NOT NULL)[1],
      TRY_CAST(bare(cell) AS BIGINT)) AS value
  FROM web_cells JOIN of_period USING (edition, file, block)
    LEFT JOIN users USING (edition, file, block)
  WHERE metric = users OR metric IN ('sessions', 'page_views')
  QUALIFY row_number() OVER (PARTITION BY edition, file, block, row_place, measure
    ORDER BY column_place) = 1
), rows_by AS (
  SELECT numbers.*, grain, nth, field, is_open, only_kind, never,
    regexp_replace(bare(label), '[ T]00:00(:00)?$', '') AS day_text, TRY_CAST(label AS INTEGER) AS nr,
    regexp_replace(label, CASE WHEN only_kind IS NULL THEN '$' ELSE '/[^/]*$' END, '') AS name,
    is_open AND plain(name) = '(withheld)' AS others
  FROM numbers JOIN web_dimensions USING (layout, dimension)
  WHERE NOT is_total
), readings AS (
  -- The day of each row in each form that puts all rows of its block on days of the period.
  SELECT *, day - lag(day) OVER (PARTITION BY edition, file, block, form ORDER BY row_place) AS step
  FROM (
    SELECT DISTINCT edition, file, block, row_place, form, first, last,
      CASE WHEN regexp_matches(day_text, form) THEN
        TRY_CAST(regexp_replace(day_text, form, iso) AS DATE) END AS day
    FROM rows_by CROSS JOIN (VALUES
      ('^(\d{4})(\d{2})(\d{2})$', '\1-\2-\3'), ('^(\d{4})-(\d{1,2})-(\d{1,2})$', '\1-\2-\3'),
      ('^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$', '\3-\2-\1'),
      ('^(\d{1,2})/(\d{1,2})/(\d{4})$', '\3-\1-\2'),
      ('^(\d{1,2})[-/.](\d{1,2})[-/.](\d{2})$', '20\3-\2-\1'),
      ('^(\d{1,2})/(\d{1,2})/(\d{2})$', '20\3-\1-\2')) AS forms(form, iso)
    WHERE grain = 'day' AND NOT nth
  )
  QUALIFY bool_and(coalesce(day BETWEEN first AND last, false))
    OVER (PARTITION BY edition, file, block, form)
), forms AS (
  -- Where two forms do, the one by which each row is the day after the row before it.
  SELECT edition, file, block, arg_max(form, steady) AS form FROM (
    SELECT edition, file, block, form, bool_and(coalesce(step = 1, true)) AS steady
    FROM readings GROUP BY ALL)
  GROUP BY ALL
), begun AS (
  SELECT rows_by.*,
    CASE WHEN nth AND grain = 'day' THEN rows_by.first + nr
      WHEN nth THEN (date_trunc('month', rows_by.first) + to_months(nr))::DATE
      WHEN grain = 'day' THEN day
      WHEN grain = 'year' THEN make_date(nr, 1, 1)
      WHEN length(bare(label)) <= 2 THEN make_date(year(rows_by.first), nr, 1)
      ELSE TRY_CAST(regexp_replace(bare(label), '^(\d{4})[-/ ]?(\d{2})$', '\1-\2-01') AS DATE)
    END AS begins
  FROM rows_by LEFT JOIN forms USING (edition, file, block)
    LEFT JOIN readings USING (edition, file, block, row_place, form)
  WHERE grain IS NOT NULL
), figures AS (
  -- By time: days, months and years, cut off at the ends of the period.
  SELECT * REPLACE (NULL AS field), NULL AS code, false AS mended,
    greatest(begins, first) AS "start",
    least(last, CASE grain WHEN 'day' THEN begins WHEN 'month' THEN last_day(begins)
      ELSE make_date(year(begins), 12, 31) END) AS "end"
  FROM begun WHERE grain <> 'year' OR (begins <= first AND year(begins) = year(last))
  UNION ALL BY NAME
  -- By a label: in an open list one without a code is its own. Values that the service put together
  -- get no row. Of labels 'a / b' those with one b count. A block with a label such as 'all visits'
  -- names no referrers. Rows of an open list whose labels are withheld are 'other', added up where that can be.
  SELECT rows_by.* REPLACE ('year' AS grain),
    CASE WHEN others THEN 'other' ELSE coalesce(code, plain(name)) END AS code,
    CASE WHEN others THEN row_number() OVER (
      PARTITION BY edition, file, block, measure, others ORDER BY row_place) END AS part,
    others OR (NOT is_open AND NOT list_contains(written, name)) AS mended,
    first AS "start", last AS "end"
  FROM rows_by LEFT JOIN web_labels ON rows_by.layout = web_labels.layout
    AND rows_by.field = web_labels.field AND plain(name) = plain(last_label)
  WHERE rows_by.field IS NOT NULL AND rows_by.grain IS NULL
    AND NOT coalesce(map_contains(codes, rows_by.field), false)
    AND (only_kind IS NULL OR plain(regexp_extract(label, '[^/]*$')) = only_kind)
    AND (code IS NOT NULL OR NOT list_contains(getvariable('collapsed'), plain(name)))
  QUALIFY NOT coalesce(bool_or(bare(label) = never) OVER (PARTITION BY edition, file, block), false)
    AND (NOT others OR measure = 'page_views' OR (measure = 'sessions' AND kind <> 'ga4')
      OR count(*) OVER (PARTITION BY edition, file, block, measure, others) = 1)
  UNION ALL BY NAME
  -- The total of all visits, and the one row of a block without a dimension. Users don't add up: a
  -- total that is the sum of its rows counts who came back twice.
  SELECT *, 'year' AS grain, NULL AS field, NULL AS code, false AS mended,
    first AS "start", last AS "end"
  FROM numbers
  WINDOW of_block AS (PARTITION BY edition, file, block, measure)
  QUALIFY CASE WHEN NOT is_total THEN dimensions = 0
    ELSE whole AND count(*) FILTER (NOT is_total) OVER of_block > 0
      AND (measure <> 'users' OR personal OR value <> sum(value) FILTER (NOT is_total) OVER of_block
        OR count(*) FILTER (NOT is_total AND value > 0) OVER of_block < 2) END
), by_fields AS (
  SELECT edition, file, file_place, block, row_place, line, is_total, measure, grain, "start", "end",
    coalesce(CASE WHEN field = 'site' THEN code END, codes['site']) AS site,
    coalesce(CASE WHEN field = 'device' THEN code END, codes['device']) AS device,
    coalesce(CASE WHEN field = 'traffic_channel' THEN code END, codes['traffic_channel'])
      AS traffic_channel,
    coalesce(CASE WHEN field = 'referrer' THEN code END, codes['referrer']) AS referrer,
    coalesce(CASE WHEN field = 'user_gender' THEN code END, codes['user_gender']) AS user_gender,
    value, mended, part
  FROM figures
)
-- A figure that two exports give is counted once.
SELECT * EXCLUDE (part) FROM by_fields
QUALIFY row_number() OVER (
  PARTITION BY edition, measure, grain, "start", "end", site, device, traffic_channel, referrer,
    user_gender, part
  ORDER BY file_place, block, is_total, row_place) = 1;

-- What became of the rows of each file.
INSERT INTO files
SELECT edition, file, 'traffic', rows, coalesce(used, 0), coalesce(repaired, 0),
  rows - coalesce(used + repaired, 0)
FROM web_files LEFT JOIN (
  SELECT edition, file_place AS place, count(DISTINCT row_place) FILTER (NOT mended) AS used,
    count(DISTINCT row_place) FILTER (mended) AS repaired
  FROM traffic GROUP BY ALL
) USING (edition, place);
