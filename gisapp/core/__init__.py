"""Values and words: what every room speaks of. No Qt, no files, no data frames made here."""
