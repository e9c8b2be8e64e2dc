"""Raster map tiles: from files, from providers on the internet, kept on disk."""
