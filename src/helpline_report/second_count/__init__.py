"""Count every figure a second time, in SQL, from the text of the exports."""
