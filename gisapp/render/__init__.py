"""What to draw (scene, no Qt) and how (painter, QtGui only)."""
