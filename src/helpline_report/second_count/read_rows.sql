{% for source in sources %}
{% for name, path in workbooks[source.texts].items() %}
-- {{ name }} is a workbook: save its sheet beside it as {{ path }}, in UTF-8, with dates and times
-- as the layout writes them.

{% endfor %}
CREATE OR REPLACE TABLE {{ source.texts }} AS
{% for edition, path in paths[source.texts].items() %}
{{ '' if loop.first else 'UNION ALL BY NAME\n' }}SELECT {{ edition | sql }} AS export_edition,
  row_number() OVER () + 1 AS export_line, false AS export_mended, *
FROM read_csv({{ path | sql }}, delim = {{ source.file.delimiter | sql }}, header = true,
  all_varchar = true, nullstr = '␀', quote = '"'){{ ';' if loop.last else '' }}
{% endfor %}

{% endfor %}
-- How many rows each file has: of a file with blank rows, the trace counts these too.

{{ create_table('rows_read') }}

INSERT INTO rows_read
{% for texts, edition, name, table in files %}
{{ '' if loop.first else 'UNION ALL\n' }}SELECT {{ edition | sql }}, {{ name | sql }}, {{ table | sql }}, count(*) FROM {{ texts }} WHERE export_edition = {{ edition | sql }}{{ ';' if loop.last else '' }}
{% endfor %}
