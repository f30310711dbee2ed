CREATE OR REPLACE TABLE files AS
SELECT edition, file, "table", rows AS read, coalesce(used, 0) AS used,
  coalesce(repaired, 0) AS repaired, rows - coalesce(used + repaired, 0) AS excluded
FROM rows_read LEFT JOIN (
{% for table in tables %}
  {{ '' if loop.first else 'UNION ALL ' }}SELECT edition, '{{ table }}' AS "table", count(*) FILTER (NOT mended) AS used,
    count(*) FILTER (mended) AS repaired FROM {{ table }} GROUP BY edition
{% endfor %}
) AS rows_kept USING (edition, "table");
