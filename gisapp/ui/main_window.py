"""The window: puts the map, the panels and the session together.

Panels ask through signals, commands change the session's project, and the window shows the new
project: the only way a widget learns of a change is `_show`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QDate, QLocale, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import (
    QDateEdit,
    QDockWidget,
    QFrame,
    QMainWindow,
    QVBoxLayout,
    QWidget,
)

from gisapp.core.project import Project
from gisapp.core.words import _, language
from gisapp.io.catalogue import load_catalogue
from gisapp.session.session import Session
from gisapp.ui import identify, summary
from gisapp.ui.commands import Commands
from gisapp.ui.coordinates import place_text, scale_text
from gisapp.ui.empty_state import EmptyState
from gisapp.ui.identify_panel import IdentifyPanel
from gisapp.ui.jobs import Job, Jobs
from gisapp.ui.layer_panel import LayerPanel
from gisapp.ui.layer_rows import LayerRow, layer_rows
from gisapp.ui.map_canvas import MapCanvas
from gisapp.ui.menus import Menus
from gisapp.ui.messages import BugReporter, MessageBar, plain_label, show_error
from gisapp.ui.settings import Settings
from gisapp.ui.status_bar import StatusBar
from gisapp.ui.summary_panel import SummaryPanel
from gisapp.ui.tables import ConflictTable
