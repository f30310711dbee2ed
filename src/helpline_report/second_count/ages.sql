CREATE OR REPLACE TABLE ages_of_{{ export }} AS
SELECT label, age, coalesce(code, '{{ unknown }}')::age_class_code AS age_class,
  {{ "label <> '' AND " if may_be_blank else '' }}NOT (regexp_full_match(label, '-?\d{1,9}') AND age IS NOT NULL) AS mended
FROM (
  SELECT label, {{ number }} AS number, CASE WHEN {{ believed }} THEN number END AS age
  FROM (SELECT DISTINCT {{ title | name }} AS label FROM {{ export }})
)
LEFT JOIN age_classes ON age >= first AND (last IS NULL OR age <= last);
