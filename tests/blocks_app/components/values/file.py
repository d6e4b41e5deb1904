"""File."""

TRY = {"File.file_types": ["image"]}
