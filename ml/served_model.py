"""The generic MLflow wrapper around a bundle, for people who load a version by hand.

The line itself reads the bundle and skips this. Imported only where MLflow is already in use.
"""

from pathlib import Path
from typing import Any

import mlflow.pyfunc
import pandas as pd

from ml.bundle import Bundle


class ServedModel(mlflow.pyfunc.PythonModel):
    """Feature rows in, predictions out: ``mlflow.pyfunc.load_model("models:/timeline@champion")``.

    Rows are those of ``company_snapshots`` (timeline, deal size) or ``signal_snapshots``
    (relevance); every row is taken as current.
    """

    def load_context(self, context: Any) -> None:
        """Load the bundle that lies beside the wrapper."""
        from ml.pipeline import load_model

        self.model = load_model(Bundle.read(Path(context.artifacts["bundle"])))

    def predict(self, context: Any, model_input: pd.DataFrame, params: Any = None) -> pd.DataFrame:
        """Predictions of the rows, as ``ml.pipeline.predict`` gives them without version."""
        from ml.relevance import SIGNALS
        from ml.timeline import SNAPSHOTS

        rows = model_input.assign(is_current=True)
        return self.model.predict({SNAPSHOTS: rows, SIGNALS: rows})
