-- What each text in a column stands for (`cell_texts`): its codes by the layout (some of them on some
-- days only), and whether it is written otherwise than the layout writes it.
CREATE OR REPLACE TABLE meanings AS
WITH labels AS (
  SELECT export, title, unnest(map_keys(codes)) AS written, unnest(map_values(codes)) AS code,
    unnest(range(cardinality(codes)::BIGINT)) AS place, NULL AS first, NULL AS last
  FROM columns
  UNION ALL BY NAME FROM more_labels
), parts AS (
  SELECT *, unnest(CASE WHEN separator IS NULL THEN [label]
    ELSE [bare(part) FOR part IN string_split(label, separator)] END) AS part
  FROM cell_texts JOIN columns USING (export, title)
), coded AS (
  -- Of labels that differ by case alone a cell means the one that it is to the letter.
  SELECT parts.* EXCLUDE (codes), written, first, last,
    coalesce(code, CASE WHEN is_open THEN nullif(plain(part), '') END) AS code,
    coalesce((part <> written AND NOT is_open) OR list_contains(unknown, written), NOT is_open)
      AS mended
  FROM parts LEFT JOIN labels ON parts.export = labels.export AND parts.title = labels.title
    AND plain(part) = plain(written)
  QUALIFY rank() OVER (PARTITION BY parts.export, parts.title, label, part
    ORDER BY (written = part AND NOT is_open) DESC, place DESC) = 1
)
SELECT export, title, label, first, last,
  coalesce(list(DISTINCT code) FILTER (code IS NOT NULL), if(blank IS NULL, [], [blank])) AS codes,
  bool_or(part <> '' AND mended) AS mended
FROM coded GROUP BY export, title, label, first, last, blank;
