"""Makes features of reviews for a model to learn from, with pandas (Debian's python3-pandas): CSV in, a table out."""

import io

import pandas

WORDS = r"[a-z']+"


def main(args):
    top = args.get("top", 5)
    try:
        reviews = pandas.read_csv(io.StringIO(args.get("csv", "")))
    except (TypeError, ValueError) as error:
        return {"error": f"csv cannot be read: {error}"}
    if not {"stars", "text"} <= set(reviews.columns):
        return {"error": "csv needs the columns stars and text"}
    features = pandas.concat([measures(reviews["text"]), frequent(reviews["text"], top)], axis=1)
    return {
        "rows": len(features),
        "columns": list(features.columns),
        "means": features.mean().to_dict(),
        "correlations": features.corrwith(reviews["stars"]).dropna().to_dict(),
        "first": features.iloc[0].to_dict(),
    }


def measures(text):
    """Numbers that say how a text is written."""
    words = text.str.lower().str.findall(WORDS)
    return pandas.DataFrame(
        {
            "characters": text.str.len(),
            "words": words.str.len(),
            "longest": words.map(lambda found: max(map(len, found), default=0)),
            "exclamations": text.str.count("!"),
        }
    ).astype(float)


def frequent(text, top):
    """For each of the most frequent words of four letters and more, its share of the words of each text."""
    words = text.str.lower().str.findall(WORDS)
    rows = words.explode().dropna()
    counts = rows[rows.str.len() > 3].value_counts()
    chosen = counts.sort_index().sort_values(ascending=False, kind="stable").index[:top]
    table = pandas.crosstab(rows.index, rows).reindex(index=text.index, columns=chosen, fill_value=0)
    return table.div(words.str.len().clip(lower=1), axis=0).add_prefix("share_")
