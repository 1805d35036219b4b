"""The tables as a Data Package: CSV files, and one file that says what stands in them.

Data Package 1.0, which its readers share: https://specs.frictionlessdata.io/data-package/
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from timeline.downloads.api import LICENCE
from timeline.downloads.columns import Column
from timeline.downloads.tables import Table, tables
from timeline.model.outputs import DATA_PACKAGE, table_path
from timeline.model.site import Site
from timeline.standing.standing import Standing


def data_package_files(standing: Standing, site: Site) -> Iterator[tuple[str, bytes]]:
    """Path below the site -> CSV, and `datapackage.json`."""
    resources = []
    for table in tables(standing, site):
        content = table.csv()
        resources.append(_resource(table, content))
        yield table_path(table.name), content
    package = {
        "profile": "tabular-data-package",
        "name": "timeline",
        "title": site.name,
        "description": site.description,
        "homepage": site.url,
        "version": standing.as_of.isoformat(),
        "licenses": [LICENCE],
        "resources": resources,
    }
    text = json.dumps(package, ensure_ascii=False, indent=1)
    yield DATA_PACKAGE, text.encode() + b"\n"


def _resource(table: Table, content: bytes) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "title": table.title,
        "path": f"{table.name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8-sig",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": _schema(table),
    }


def _schema(table: Table) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": [_field(table, column) for column in table.columns]}
    if table.key:
        schema["primaryKey"] = table.key
    if table.foreign:
        schema["foreignKeys"] = [
            {"fields": column, "reference": {"resource": other, "fields": "id"}}
            for column, other in table.foreign
        ]
    return schema


def _field(table: Table, column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": column.name,
        "type": column.type,
        "description": column.description,
    }
    if column.name == table.key:
        field["constraints"] = {"required": True, "unique": True}
    elif column.words:
        field["constraints"] = {"enum": list(column.words)}
    return field
