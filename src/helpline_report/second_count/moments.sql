CREATE OR REPLACE TABLE moments_of_{{ export }} AS
SELECT {{ cells | join(', ') }},
{% if stamped %}
  {{ value }} AS moment,
  moment::DATE AS day,
{% else %}
  {{ value }} AS day,
{% if time %}
  day + {{ time }} AS moment,
{% endif %}
{% endif %}
  {{ 'coalesce(' ~ local ~ '::DATE, day)' if moved else 'day' }} AS date,
  strftime(date, '%m')::month_code AS month,
  isodow(date)::VARCHAR::weekday_code AS weekday,
{% if stamped or time %}
  coalesce(lpad((CASE WHEN existed(moment, {{ zone | sql }}) THEN hour({{ local }}) END)::VARCHAR, 2, '0'), '{{ unknown }}')::hour_code AS hour,
{% endif %}
  ({{ mended | join(' OR ') }}) AS mended
FROM (SELECT DISTINCT {% for name, title in cells.items() %}{{ title | name }} AS {{ name }}{{ '' if loop.last else ', ' }}{% endfor %} FROM {{ export }});
