"""The open project: edits, undo, saving, and the actions a user can take."""
