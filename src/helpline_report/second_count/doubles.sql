CREATE OR REPLACE TABLE {{ key_name }}_doubles AS
WITH written AS (
{% for export, key in keys %}
  {{ '' if loop.first else 'UNION ALL ' }}SELECT export_edition AS edition, export_line AS line, {{ key }} AS key
  FROM {{ export }} AS texts
{% endfor %}
)
SELECT edition, line, line = min(line) OVER (PARTITION BY edition, key) AS is_first,
  min(key) OVER alike = max(key) OVER alike AS alone
FROM written SEMI JOIN (
  SELECT edition, lower(key) AS small FROM written GROUP BY ALL HAVING count(*) > 1
) AS several ON written.edition = several.edition AND lower(key) = small
WINDOW alike AS (PARTITION BY edition, lower(key));
