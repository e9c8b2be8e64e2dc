"""Files to values and back: importers, the project file, the catalogue, styles."""
