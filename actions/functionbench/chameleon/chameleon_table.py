"""Renders a table as HTML with Chameleon (Debian's python3-chameleon)."""

from chameleon import PageTemplate

MOST = 100_000
TABLE = PageTemplate(
    """<table>
<caption tal:condition="title">${title}</caption>
<tr tal:repeat="row rows"><td tal:repeat="cell row">${cell}</td></tr>
</table>"""
)


def main(args):
    rows = args.get("rows", [[1, 2], [3, 4]])
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        return {"error": "rows must be a list of lists"}
    cells = sum(len(row) for row in rows)
    if cells > MOST:
        return {"error": f"a table has at most {MOST} cells, not {cells}"}
    return {"cells": cells, "html": TABLE.render(rows=rows, title=args.get("title", ""))}
