"""A stub of a web feature service, after the OGC's standards 1.0.0, 1.1.0 and 2.0.0."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from helpers.servers import Answer, Asked, as_json, as_xml

GML_32 = 'xmlns:gml="http://www.opengis.net/gml/3.2"'
GML_3 = 'xmlns:gml="http://www.opengis.net/gml"'


@dataclass
class WfsStub:
    """Points numbered from 1, in the version and the formats that the server knows."""

    version: str = "2.0.0"
    formats: tuple[str, ...] = ("application/gml+xml; version=3.2", "application/json")
    features: int = 5
    most: int = 2
    matched: str = ""
    ignores_start: bool = False
    name: str = "Pasar"
    refuses: bool = False

    def __call__(self, asked: Asked) -> Answer:
        query = {k.lower(): v for k, v in asked.query.items()}
        request = query.get("request", "")
        named = query.get("typenames") or query.get("typename") or ""
        if request == "GetCapabilities":
            return as_xml(self.capabilities())
        if named != "kota:pasar":
            return as_xml(refusal("Unknown type"))
        if request == "DescribeFeatureType":
            return as_xml(DESCRIBED)
        if query.get("resulttype") == "hits":
            return as_xml(self.hits())
        return as_xml(refusal("Too many")) if self.refuses else self.page(query)

    def capabilities(self) -> str:
        if self.version.startswith("1.0"):
            formats = "".join(f"<{x}/>" for x in self.formats)
            request = f"<GetFeature><ResultFormat>{formats}</ResultFormat></GetFeature>"
            formats = f"<Capability><Request>{request}</Request></Capability>"
        else:
            values = "".join(f"<ows:Value>{x}</ows:Value>" for x in self.formats)
            formats = (
                '<ows:OperationsMetadata><ows:Operation name="GetFeature">'
                f'<ows:Parameter name="outputFormat"><ows:AllowedValues>{values}'
                "</ows:AllowedValues></ows:Parameter></ows:Operation></ows:OperationsMetadata>"
            )
        return (
            f'<wfs:WFS_Capabilities version="{self.version}" '
            'xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:ows="http://www.opengis.net/ows/1.1">'
            f"{formats}<wfs:FeatureTypeList><wfs:FeatureType><wfs:Name>kota:pasar</wfs:Name>"
            "<wfs:DefaultCRS>urn:ogc:def:crs:EPSG::32748</wfs:DefaultCRS></wfs:FeatureType>"
            "<wfs:FeatureType><wfs:Name>kota:jalan</wfs:Name></wfs:FeatureType>"
            "</wfs:FeatureTypeList></wfs:WFS_Capabilities>"
        )

    def hits(self) -> str:
        name = "numberMatched" if self.version.startswith("2") else "numberOfFeatures"
        said = self.matched or str(self.features)
        return (
            f'<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs/2.0" {name}="{said}"/>'
        )

    def page(self, query: dict[str, str]) -> Answer:
        numbers = list(range(1, self.features + 1))
        if self.version.startswith("2"):
            start = 0 if self.ignores_start else int(query["startindex"])
            numbers = numbers[start : start + min(self.most, int(query["count"]))]
        if "json" in query.get("outputformat", ""):
            return as_json(
                {"type": "FeatureCollection", "features": [self.feature(x) for x in numbers]}
            )
        return as_xml(self.gml(numbers))

    def gml(self, numbers: list[int]) -> str:
        is_two = self.version.startswith("2")
        namespace, member = (GML_32, "wfs:member") if is_two else (GML_3, "gml:featureMember")
        identifier = "gml:id" if is_two else "fid"
        members = "".join(
            f'<{member}><kota:pasar {identifier}="pasar.{x}"><kota:nama>{self.name} {x}</kota:nama>'
            '<kota:geom><gml:Point srsName="http://www.opengis.net/gml/srs/epsg.xml#4326">'
            f"<gml:pos>{106.87 + x / 1000} -6.33</gml:pos></gml:Point></kota:geom></kota:pasar>"
            f"</{member}>"
            for x in numbers
        )
        said = f' numberMatched="{self.features}" numberReturned="{len(numbers)}"'
        return (
            f'<?xml version="1.0"?><wfs:FeatureCollection{said if is_two else ""} '
            f'xmlns:wfs="http://www.opengis.net/wfs/2.0" {namespace} xmlns:kota="http://kota.test">'
            f"{members}</wfs:FeatureCollection>"
        )

    def feature(self, number: int) -> dict[str, Any]:
        return {
            "type": "Feature",
            "id": f"pasar.{number}",
            "geometry": {"type": "Point", "coordinates": [106.87 + number / 1000, -6.33]},
            "properties": {"nama": f"{self.name} {number}"},
        }


DESCRIBED = (
    '<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema" '
    'xmlns:gml="http://www.opengis.net/gml/3.2"><xsd:complexType name="pasarType">'
    '<xsd:complexContent><xsd:extension base="gml:AbstractFeatureType"><xsd:sequence>'
    '<xsd:element name="nama" type="xsd:string"/>'
    '<xsd:element name="geom" type="gml:PointPropertyType"/>'
    "</xsd:sequence></xsd:extension></xsd:complexContent></xsd:complexType></xsd:schema>"
)


def refusal(text: str) -> str:
    return (
        '<ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows/1.1">'
        f"<ows:Exception><ows:ExceptionText>{text}</ows:ExceptionText>"
        "</ows:Exception></ows:ExceptionReport>"
    )
