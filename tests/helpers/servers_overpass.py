"""A stub of an Overpass server: it answers any question with one small extract."""

from __future__ import annotations

from dataclasses import dataclass, field

from helpers.servers import Answer, Asked, as_xml

EXTRACT = """<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6" generator="Overpass API">
<node id="1" lat="-6.33" lon="106.87"><tag k="name" v="Pasar Ciracas"/>
<tag k="amenity" v="marketplace"/></node>
<node id="2" lat="-6.34" lon="106.88"><tag k="barrier" v="gate"/></node>
<node id="3" lat="-6.35" lon="106.88"/>
<node id="4" lat="-6.35" lon="106.87"/>
<way id="7"><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="2"/>
<tag k="amenity" v="marketplace"/><tag k="building" v="yes"/></way>
<way id="8"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/></way>
{more}</osm>
"""


@dataclass
class OverpassStub:
    remark: str = ""
    questions: list[str] = field(default_factory=list)

    def __call__(self, asked: Asked) -> Answer:
        self.questions.append(asked.get("data"))
        more = f"<remark> {self.remark} </remark>\n" if self.remark else ""
        return as_xml(EXTRACT.replace("{more}", more))
