SELECT
  texts.export_line AS line,
{% if has_lower %}
{# Of each line two years may have a row. #}
  (2 * texts.export_line + editions.number)::INTEGER AS {{ key_name }},
  {{ key }} AS key,
  {{ 'coalesce(doubles.alone, true)' if keyed else 'true' }} AS key_alone,
{% endif %}
{% if above %}
  {{ above }}.* EXCLUDE (line, mended, key, key_alone),
{% else %}
  editions.edition,
{% endif %}
{% for field, expression in fields.items() %}
  {{ expression }} AS {{ field }},
{% endfor %}
  coalesce({{ mended | join('\n    OR ') }}, false) AS mended
FROM {{ export }} AS texts
JOIN editions ON editions.edition = texts.export_edition
{% if keyed %}
LEFT JOIN {{ key_name }}_doubles AS doubles
  ON doubles.edition = texts.export_edition AND doubles.line = texts.export_line
{% endif %}
{% if above %}
JOIN {{ above }} ON {{ above }}.edition = editions.edition
  AND lower({{ above }}.key) = lower({{ parent }})
  AND ({{ above }}.key_alone OR {{ above }}.key = {{ parent }})
{% endif %}
{% for join in joins %}
{{ join }}
{% endfor %}
{% if number %}
CROSS JOIN unnest(range({{ number }}))
{% endif %}
{% if keyed %}
WHERE coalesce(doubles.is_first, true)
{% endif %}
{% if not above %}
{{ '  AND' if keyed else 'WHERE' }} moments.date BETWEEN editions.first AND editions.last
{% endif %}
