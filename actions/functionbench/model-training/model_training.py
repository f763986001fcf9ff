"""Trains a classifier of reviews: CSV with stars and text in, what it learned out.

Needs pandas and scikit-learn (Debian's python3-pandas and python3-sklearn).
"""

import io

import pandas
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline

FEWEST = 8


def main(args):
    reviews = read(args.get("csv", ""))
    if isinstance(reviews, str):
        return {"error": reviews}
    learned, kept = train_test_split(reviews, test_size=0.25, random_state=1, stratify=reviews["isGood"])
    model = make_pipeline(TfidfVectorizer(min_df=2, stop_words="english"), LogisticRegression(C=10.0, solver="liblinear"))
    model.fit(learned["text"], learned["isGood"])
    return {
        "reviews": len(reviews),
        "accuracy": float(accuracy_score(kept["isGood"], model.predict(kept["text"]))),
        **weightiest(model),
    }


def read(text):
    """The reviews with what to learn of them, or a sentence that says what is wrong."""
    try:
        reviews = pandas.read_csv(io.StringIO(text))
    except (TypeError, ValueError) as error:
        return f"csv cannot be read: {error}"
    if not {"stars", "text"} <= set(reviews.columns):
        return "csv needs the columns stars and text"
    reviews = reviews.assign(isGood=reviews["stars"] >= 3)
    if reviews["isGood"].value_counts().reindex([True, False], fill_value=0).min() < FEWEST:
        return f"csv needs at least {FEWEST} good and {FEWEST} bad reviews"
    return reviews


def weightiest(model):
    """The words that speak most for and against."""
    words, classifier = (step for _name, step in model.steps)
    weights = pandas.Series(classifier.coef_[0], index=words.get_feature_names_out()).sort_values()
    return {"bad": list(weights.index[:4]), "good": list(weights.index[:-5:-1])}
