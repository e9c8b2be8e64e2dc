"""One reader a family of formats; they run in the child process of `gisapp.io.worker` only."""
