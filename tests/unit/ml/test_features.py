from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from ml.errors import FeatureError
from ml.features import Encoder, days, fingerprint, learnable, to_frame, validate


def frame(**columns) -> pd.DataFrame:
    base = {"company_id": ["a", "b", "c"], "num_x": [1.0, np.nan, 3.0], "cat_y": ["u", "v", None]}
    return pd.DataFrame({**base, **columns})


def test_unknown_and_missing_categories_are_missing_and_known_ones_integers():
    encoder = Encoder.learn(frame(cat_y=["u", "v", "v"]), ["num_x"], ["cat_y"])
    matrix = encoder.matrix(frame(cat_y=["u", "new", None]), "company_snapshots")
    assert encoder.categories == {"cat_y": ("v", "u")}
    np.testing.assert_array_equal(matrix[:, 1], [1, np.nan, np.nan])
    np.testing.assert_array_equal(matrix[:, 0], [1, np.nan, 3])


def test_encoder_survives_json():
    encoder = Encoder.learn(frame(), ["num_x"], ["cat_y"])
    assert Encoder.from_json(encoder.to_json()) == encoder


def test_lacking_column_names_column_and_remedy():
    encoder = Encoder.learn(frame(), ["num_x"], ["cat_y"])
    with pytest.raises(FeatureError, match=r"lacks column num_x; build the features again"):
        encoder.matrix(frame().drop(columns="num_x"), "company_snapshots")


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"num_x": ["1", "2", "3"]}, r"num_x is .*cast it to double"),
        ({"num_x": [1.0, np.inf, 2.0]}, r"num_x holds an infinity"),
        ({"company_id": ["a", "a", "b"]}, r"more than one row for \{'company_id': 'a'\}"),
        ({"company_id": ["a", None, "b"]}, r"company_id is null in 1 rows"),
    ],
)
def test_bad_shapes_are_named(columns, message):
    with pytest.raises(FeatureError, match=message):
        validate(frame(**columns), "company_snapshots", ["company_id"])


def test_no_features_at_all_is_an_error():
    with pytest.raises(FeatureError, match="no feature column"):
        validate(pd.DataFrame({"company_id": ["a"]}), "t", ["company_id"])


def test_arrow_tables_and_frames_give_the_same_days():
    stamps = pd.to_datetime(["1970-01-02", "1970-02-01"])
    table = pa.table({"as_of": pa.array(stamps.date, type=pa.date32())})
    np.testing.assert_array_equal(days(to_frame(table, "t"), "as_of", "t"), [1, 31])
    np.testing.assert_array_equal(days(pd.DataFrame({"as_of": stamps}), "as_of", "t"), [1, 31])


def test_a_value_that_is_no_date_is_named():
    with pytest.raises(FeatureError, match=r"t\.as_of holds a value that is not a date"):
        days(pd.DataFrame({"as_of": ["yesterday-ish"]}), "as_of", "t")


def test_fingerprint_ignores_row_and_column_order_and_the_last_bits_of_a_sum():
    data = frame(num_sum=[0.1 + 0.2, 1.0, 2.0])
    same = frame(num_sum=[0.3, 1.0, 2.0]).sample(frac=1, random_state=1)[
        ["num_sum", "cat_y", "company_id", "num_x"]
    ]
    assert fingerprint({"t": data}, {"a": 1}) == fingerprint({"t": same}, {"a": 1})


@pytest.mark.parametrize(
    "change",
    [{"num_x": [1.0, np.nan, 3.01]}, {"cat_y": ["u", "u", None]}, {"cat_y": ["u", "v", ""]}],
)
def test_fingerprint_sees_any_change_of_data(change):
    assert fingerprint({"t": frame()}, {}) != fingerprint({"t": frame(**change)}, {})


def test_fingerprint_sees_a_change_of_configuration():
    assert fingerprint({"t": frame()}, {"trees": 1}) != fingerprint({"t": frame()}, {"trees": 2})


def test_a_source_switched_on_last_month_is_not_learned_from():
    period = np.repeat(np.arange(6), 2)
    data = pd.DataFrame(
        {
            "num_late": [np.nan] * 10 + [1.0, 2.0],
            "num_rare": [np.nan, 1.0] * 6,
            "num_constant": [4.0] * 12,
            "num_plain": np.arange(12.0),
        }
    )
    assert learnable(data, list(data.columns), period) == ["num_rare", "num_plain"]
