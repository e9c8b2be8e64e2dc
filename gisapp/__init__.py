"""gisapp: where urban policy meets livelihoods, family by family."""

__version__ = "0.1.0"
