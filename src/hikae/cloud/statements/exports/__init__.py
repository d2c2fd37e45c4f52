"""出力: rows of the books as files for other programs, remembered, and taken back where needed."""
