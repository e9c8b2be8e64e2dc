"""Data from services on the web: each brings a file, which is read as any foreign file is."""
