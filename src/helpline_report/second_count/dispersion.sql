{# φ = Σ (n - m)² / m over Σ (days - 1), at least 1: n are the rows of a day, m is their mean over the
   days of one month and weekday. See docs/statistics.md. -#}
SELECT greatest(1, coalesce(sum(days * squares / rows - rows) / nullif(sum(days - 1), 0), 1))
FROM (
  SELECT count(*) AS days, sum(rows) AS rows, sum(rows * rows) AS squares
  FROM (
    SELECT edition, calendar.date, coalesce(counted.rows, 0) AS rows
    FROM calendar JOIN editions USING (edition)
    LEFT JOIN (SELECT edition, date, count(*) AS rows FROM {{ table }} GROUP BY ALL)
      AS counted USING (edition, date)
    WHERE open AND number >= (SELECT number FROM editions WHERE edition = {{ edition | sql }})
  ) GROUP BY edition, year(date), month(date), isodow(date)
) WHERE rows > 0
