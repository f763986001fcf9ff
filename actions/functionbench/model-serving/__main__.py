"""Says of reviews whether they praise, with a trained model that lies in this archive (make-model.py makes it).

Needs pandas and scikit-learn (Debian's python3-pandas and python3-sklearn).
"""

import os

import joblib
import pandas
import sklearn.feature_extraction.text
import sklearn.linear_model
import sklearn.pipeline  # what the model is made of: joblib would import it anyway

MODEL = joblib.load(os.path.join(os.path.dirname(os.path.abspath(__file__)), "model.joblib"))


def main(args):
    texts = args.get("texts")
    if not isinstance(texts, list) or not texts or not all(isinstance(text, str) for text in texts):
        return {"error": "texts must be a list of strings, one at least"}
    answers = pandas.DataFrame({"text": texts, "praise": MODEL.predict_proba(texts)[:, 1]})
    answers["isGood"] = answers["praise"] >= 0.5
    return {"answers": answers[["isGood", "praise"]].to_dict(orient="records"), "good": int(answers["isGood"].sum())}
