"""What may be tuned: hyperparameters, folds, minimums and limits, validated, with defaults.

The defaults are deterministic: the same data gives the same bytes (LightGBM's
``deterministic`` and ``force_row_wise`` with a fixed seed and a fixed number of threads).
"""

from pydantic import BaseModel, ConfigDict, Field


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class BoosterConfig(_Frozen):
    """LightGBM's hyperparameters; the names are LightGBM's own except ``trees`` and ``threads``."""

    trees: int = Field(default=120, ge=1, description="Boosting rounds; no early stopping.")
    learning_rate: float = Field(default=0.05, gt=0)
    num_leaves: int = Field(default=8, ge=2)
    min_data_in_leaf: int = Field(default=100, ge=1)
    min_sum_hessian_in_leaf: float = Field(default=1e-3, ge=0)
    lambda_l2: float = Field(default=5.0, ge=0)
    feature_fraction: float = Field(default=0.7, gt=0, le=1)
    max_bin: int = Field(default=63, ge=2)
    cat_smooth: float = Field(default=20.0, ge=0)
    seed: int = 20261121
    threads: int = Field(
        default=1,
        ge=1,
        description="Fixed, so that results do not depend on the machine. One: on data of this "
        "size a second thread saves half a second and, beside other work, waits for minutes.",
    )

    def parameters(self) -> dict[str, object]:
        """The parameters LightGBM takes, without objective and number of rounds."""
        return {
            "learning_rate": self.learning_rate,
            "num_leaves": self.num_leaves,
            "min_data_in_leaf": self.min_data_in_leaf,
            "min_sum_hessian_in_leaf": self.min_sum_hessian_in_leaf,
            "lambda_l2": self.lambda_l2,
            "feature_fraction": self.feature_fraction,
            "max_bin": self.max_bin,
            "cat_smooth": self.cat_smooth,
            "seed": self.seed,
            "num_threads": self.threads,
            "deterministic": True,
            "force_row_wise": True,
            "verbosity": -1,
        }


class EvaluationConfig(_Frozen):
    """How models are judged."""

    bootstrap_samples: int = Field(default=200, ge=20, description="Resamples of companies.")
    confidence: float = Field(
        default=0.9, gt=0.5, lt=1, description="Two-sided level of every interval."
    )
    seed: int = 7
    simpler_margin: float = Field(
        default=0.02,
        ge=0,
        description="Share of the score by which a logistic regression on the same features must "
        "be better, beyond doubt, to keep the boosted model from serving.",
    )
    leak_feature_auc: float = Field(
        default=0.98,
        gt=0.5,
        le=1,
        description="A single feature that separates the outcome this well is taken for a leak.",
    )
    known_strong: tuple[str, ...] = Field(
        default=(
            "num_open_opportunities",
            "num_open_opportunity_age_days",
            "num_days_since_opportunity",
            "num_prior_opportunities",
        ),
        description="Features that may be this strong, each for a reason that was looked into: a "
        "deal that is won next month is nearly always open in the CRM today.",
    )
    leak_model_auc: float = Field(
        default=0.985,
        gt=0.5,
        le=1,
        description="A whole model that ranks unseen outcomes this well is taken for a leak.",
    )
    leak_rank_correlation: float = Field(
        default=0.98, gt=0, le=1, description="The same for a feature and an amount (Spearman)."
    )
    leak_minimum_positives: int = Field(
        default=15, ge=2, description="Fewer outcomes than this separate well by chance."
    )


class TimelineConfig(_Frozen):
    """Time to purchase: discrete-time hazard on company x 30-day rows."""

    booster: BoosterConfig = BoosterConfig(
        trees=60,
        learning_rate=0.03,
        num_leaves=5,
        min_data_in_leaf=200,
        min_sum_hessian_in_leaf=5.0,
        lambda_l2=20.0,
    )
    linear_strength: float = Field(
        default=0.01, gt=0, description="scikit-learn's C of the logistic start and baseline."
    )
    maximum_quiet_rows: int = Field(
        default=30_000,
        ge=1000,
        description="Rows without a purchase kept for training, weighted "
        "up in return; ten times as many change the result by less than the seed does.",
    )
    minimum_events: int = Field(
        default=30,
        description="Purchases. Ten outcomes per free parameter is the usual floor for a risk "
        "model (Peduzzi 1996); 30 leaves about ten for each of training, calibration and test.",
    )
    minimum_test_events: int = Field(default=8, description="Purchases inside the test window.")
    horizon_periods: int = Field(default=12, ge=6, le=24, description="30-day periods ahead.")
    calibration_periods: int = Field(default=3, ge=1)
    test_periods: int = Field(default=6, ge=3)
    minimum_periods: int = Field(
        default=12,
        description="Fewer whole periods leave no time-ordered training, "
        "calibration and test windows of three, three and six periods.",
    )


class DealSizeConfig(_Frozen):
    """Deal size: quantiles of the log amount with a split-conformal correction."""

    booster: BoosterConfig = BoosterConfig(
        trees=60, learning_rate=0.03, num_leaves=4, min_data_in_leaf=15, lambda_l2=5.0
    )
    linear_folds: int = Field(
        default=5, ge=2, description="Folds of the cross-validation of the start's lasso penalty."
    )
    quantiles: tuple[float, float, float] = (0.1, 0.5, 0.9)
    minimum_events: int = Field(
        default=40,
        description="Won deals with an amount. A quarter of them calibrates; a 10 % tail needs "
        "ceil(0.9 (n + 1)) <= n, so at least 9 calibration deals; 40 gives 10.",
    )
    calibration_fraction: float = Field(default=0.25, gt=0, lt=0.5)
    test_fraction: float = Field(default=0.25, gt=0, lt=0.5)


class RelevanceConfig(_Frozen):
    """Relevance: probability that an opportunity follows a signal within the label's horizon."""

    booster: BoosterConfig = BoosterConfig(
        trees=40, learning_rate=0.03, num_leaves=3, min_data_in_leaf=100, lambda_l2=50.0
    )
    linear_strengths: tuple[float, ...] = Field(
        default=(0.003, 0.01, 0.03),
        min_length=1,
        description="scikit-learn's C of the logistic start and baseline; cross-validated.",
    )
    tree_shares: tuple[float, ...] = Field(
        default=(0.0, 0.5, 1.0),
        min_length=1,
        description="How much of the trees is added to the linear start, the simplest first; "
        "cross-validated, so that trees which do not help are left out.",
    )
    label_days: int = Field(default=180, ge=1)
    minimum_events: int = Field(
        default=50,
        description="Signals followed by an opportunity in the training window; with fewer the "
        "AUC's interval is wider than 0.15 (Hanley and McNeil 1982).",
    )
    minimum_test_events: int = Field(default=15)
    minimum_companies: int = Field(
        default=10, description="Companies those signals belong to; one company teaches nothing."
    )
    test_fraction: float = Field(
        default=0.25, gt=0, lt=0.5, description="Share of the labelled signals, the newest."
    )
    folds: int = Field(
        default=3, ge=2, description="By company, for the choice above and for the calibration."
    )


class AssociationConfig(_Frozen):
    """What counts as coming together, and how much of it is asked before it is shown."""

    window_days: int = Field(
        default=90, ge=1, description="A signal follows another within so many days."
    )
    lookback_days: int = Field(
        default=180, ge=1, description="Days before an outcome that its patterns are taken from."
    )
    max_length: int = Field(default=3, ge=1, le=4, description="Longest pattern before an outcome.")
    minimum_support: int = Field(
        default=10,
        ge=2,
        description="Companies (deals, for outcomes) below which nothing is shown: of ten, a "
        "share's 90 % interval is still half the scale wide.",
    )
    false_discovery_rate: float = Field(
        default=0.10, gt=0, lt=1, description="Expected share of chance among what is significant."
    )
    confidence: float = Field(default=0.9, gt=0.5, lt=1, description="Level of every interval.")


class MLConfig(_Frozen):
    """Everything that may be tuned, by model."""

    timeline: TimelineConfig = TimelineConfig()
    deal_size: DealSizeConfig = DealSizeConfig()
    relevance: RelevanceConfig = RelevanceConfig()
    associations: AssociationConfig = AssociationConfig()
    evaluation: EvaluationConfig = EvaluationConfig()
