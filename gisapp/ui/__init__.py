"""The window: the only room with QtWidgets."""
