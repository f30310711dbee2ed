"""Files become text rows with named columns; nothing here knows a code or a type."""
