"""The page on which staff edit the texts of an edition, approve it and pack it."""
