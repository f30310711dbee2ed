"""Web analytics exports of any kind become blocks: a header, rows, totals and their period."""
