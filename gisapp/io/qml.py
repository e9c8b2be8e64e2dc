"""Styles for QGIS (QML) and for others (SLD), derived one way from our own."""

from collections.abc import Mapping

from gisapp.core.style import Style


def to_qml(style: Style, geometry: str, names: Mapping[str, str]) -> str:
    return ""


def to_sld(style: Style, geometry: str, names: Mapping[str, str]) -> str:
    return ""
