"""Reads a JSON text, says what is in it, and writes it anew with sorted keys."""

import hashlib
import json
from collections import Counter

NAMES = {dict: "objects", list: "arrays", str: "strings", int: "numbers", float: "numbers", bool: "flags", type(None): "nulls"}


def main(args):
    try:
        document = json.loads(args.get("text", ""))
    except (TypeError, ValueError, RecursionError) as error:
        return {"error": f"text is no JSON: {error}"}
    counts, depth = survey(document)
    sorted_text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return {
        "counts": counts,
        "depth": depth,
        "characters": len(sorted_text),
        "sha256": hashlib.sha256(sorted_text.encode()).hexdigest(),
    }


def survey(document):
    """How many values of each type there are, and how deep they lie; without recursion."""
    counts, deepest = Counter(), 0
    level = [document]
    while level:
        deepest += 1
        counts.update(NAMES[type(value)] for value in level)
        level = [inner for value in level for inner in inside(value)]
    return dict(counts), deepest


def inside(value):
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()
