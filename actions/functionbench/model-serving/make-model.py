"""Trains the model of this action on the reviews of model-training: /usr/bin/python3 make-model.py. The same each time."""

from pathlib import Path

import joblib
import pandas
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

HERE = Path(__file__).parent

reviews = pandas.read_csv(HERE.parent / "model-training" / "reviews.csv")
model = make_pipeline(TfidfVectorizer(), LogisticRegression(C=10.0, solver="liblinear"))
model.fit(reviews["text"], reviews["stars"] >= 3)
joblib.dump(model, HERE / "model.joblib")
