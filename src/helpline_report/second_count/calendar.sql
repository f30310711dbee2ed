CREATE OR REPLACE TABLE calendar AS
{% for edition in editions %}
{{ '' if loop.first else 'UNION ALL\n' }}SELECT {{ edition.edition | sql }} AS edition, day::DATE AS date, isodow(day) IN {{ edition.calendar.working_days | in_brackets }}
{%- if edition.calendar.closed %}

  AND day NOT IN {{ edition.calendar.closed | map(attribute='date') | in_brackets }}
{%- endif %} AS open
FROM generate_series({{ edition.period.start | sql }}, {{ edition.period.end | sql }}, INTERVAL 1 DAY) AS days(day){{ ';' if loop.last else '' }}
{% endfor %}
