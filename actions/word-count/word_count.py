"""Counts lines, words and characters of a text, and its most frequent words."""

import re
from collections import Counter

# Letters, and apostrophes between them: "don't" is one word.
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def main(args):
    text = args.get("text")
    if not isinstance(text, str):
        return {"error": "text must be a string"}
    words = WORD.findall(text.lower())
    ranked = sorted(Counter(words).items(), key=lambda item: (-item[1], item[0]))
    return {
        "lines": text.count("\n"),
        "words": len(words),
        "characters": len(text),
        "top": [{"word": word, "count": count} for word, count in ranked[: args.get("top", 3)]],
    }
