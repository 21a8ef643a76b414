"""The configuration that Odoo froze on the run: factors, KPIs, sources and settings.

Read-only from here on: a run that saw two configurations could not be repeated. An absent key is None here
and means unknown or not set.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Dimension = Literal["attractiveness", "position", "willingness", "financial_value", "health"]
Measure = Literal["margin_percent", "growth", "cost_to_serve_percent", "share_of_wallet", "net_margin"]
Percent = Annotated[float, Field(ge=0, le=100)]
Positive = Annotated[float, Field(gt=0)]
NotNegative = Annotated[float, Field(ge=0)]
Weekday = Annotated[int, Field(ge=0, le=6)]


class Frozen(BaseModel):
    """Unknown keys are passed over: a newer addon may say more than this worker asks for."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


class Company(Frozen):
    """The company whose accounts are scored; `digits` are the decimals of its currency."""

    id: int
    currency: str
    digits: int = Field(ge=0, le=6)
    tz: str = "UTC"


class Settings(Frozen):
    """What people set in Odoo's Settings; units as in the contract (percent, unless the name says so)."""

    quadrant_cut: Percent = 50
    willingness_gate: Percent = 40
    pareto_a: Percent = 80
    pareto_b: Percent = 95
    capacity: int = Field(default=25, ge=1)
    opinion_half_life: Positive = 180
    opinion_max_age: int = Field(default=18, ge=1)
    answer_half_life: Positive = 180
    dependence_sales: float = Field(default=0.5, ge=0)
    dependence_wallet: Percent = 30
    dependence_quality: Percent = 50
    concentration_one_warning: Percent = 15
    concentration_one_critical: Percent = 50
    concentration_one_extreme: Percent = 80
    concentration_five_warning: Percent = 40
    concentration_five_critical: Percent = 80
    window_months: int = Field(default=12, ge=1)
    default_margin: float | None = None
    refresh_hours: float | None = None
    contact_window: int = Field(default=90, ge=1)
    contact_cadence: int = Field(default=90, ge=1)
    pace_amber: NotNegative = 95
    pace_red: NotNegative = 85
    pace_quiet: Percent = 20
    few_deals: int = Field(default=5, ge=0)
    alerts_per_day: int = Field(default=3, ge=0)
    cost_of_capital: NotNegative | None = None


class Factor(Frozen):
    """One factor of one dimension, or one component of health."""

    id: int
    code: str = Field(min_length=1, pattern=r"^\S+$")
    dimension: Dimension
    weight: float = Field(ge=0)
    source: Literal["opinion", "kpi", "measure", "component"]
    kpi_id: int | None = None
    measure: Measure | None = None
    method: Literal["percentile", "bounds", "steps"] = "bounds"
    low: float | None = None
    high: float | None = None
    steps: tuple[tuple[float, float], ...] = ()
    inverted: bool = False

    @model_validator(mode="after")
    def _check_steps(self) -> Factor:
        starts = [start for start, _score in self.steps]
        if starts != sorted(set(starts)):
            raise ValueError(f"the steps of {self.code} do not ascend")
        if any(not 0 <= score <= 100 for _start, score in self.steps):
            raise ValueError(f"a step of {self.code} scores outside 0..100")
        return self


class Clock(Frozen):
    """When the company works: weekdays (0 is Monday) and whole days on which it does not all the same."""

    weekdays: tuple[Weekday, ...] = (0, 1, 2, 3, 4)
    holidays: tuple[datetime.date, ...] = ()


class Kpi(Frozen):
    """A key figure; not `available` when the app behind it is not installed.

    `kind`: `source` (Odoo aggregates records), `figure` (the worker knows it by the name in `figure`), `formula` (over
    others, as `tree`, whose names are codes; what cannot be read there makes this one unavailable, nothing else). Its
    values are wanted when it is `followed`. A kind or a unit that this worker does not know is passed over.
    """

    id: int
    code: str
    aggregate: str = "sum"
    available: bool = True
    kind: str = "source"
    area: str | None = None
    unit: str | None = None
    dated: bool = False
    is_additive: bool = False
    low_is_good: bool = False
    figure: str | None = None
    tree: Any = None
    followed: bool = False

    @property
    def zero_without_documents(self) -> bool:
        """A sum or a count over no documents is 0; an average, a minimum or a maximum is unknown."""
        return self.aggregate in ("sum", "count", "count_distinct")


class Sources(Frozen):
    """Which KPI gives which figure; None when nothing installed can."""

    revenue: int | None = None
    margin: int | None = None
    margin_base: int | None = None
    pipeline: int | None = None
    won: int | None = None
    lost: int | None = None
    open_qualified: int | None = None
    debt: int | None = None


class CostDriver(Frozen):
    """What one document counted by this KPI costs us, in the company's currency."""

    kpi_id: int
    unit_cost: float


class AlertRule(Frozen):
    """What is watched, and from when it is an alert. What is not set is None; a subject or condition that this worker
    does not know is passed over. `tier_ids` empty: every tier."""

    id: int
    code: str
    subject: str | None = None
    condition: str | None = None
    kpi_id: int | None = None
    grain: str | None = None
    score: str | None = None
    component: str | None = None
    date_kind: str | None = None
    amber: float | None = None
    red: float | None = None
    clear: float | None = None
    window_days: int | None = None
    ahead_days: int | None = None
    severity: Literal["info", "amber", "red"] | None = None
    family: str | None = None
    cause: str | None = None
    cool_down_days: int = Field(default=0, ge=0)
    tier_ids: tuple[int, ...] = ()
    priority: int = 0


class RunConfig(Frozen):
    """`begin().config` of the contract.

    >>> config = RunConfig.model_validate({"company": {"id": 1, "currency": "EUR", "digits": 2}})
    >>> config.settings.quadrant_cut, config.sources.revenue, config.factors
    (50, None, ())
    """

    version: Literal[1] = 1
    company: Company
    settings: Settings = Settings()
    factors: tuple[Factor, ...] = ()
    kpis: tuple[Kpi, ...] = ()
    sources: Sources = Sources()
    cost_drivers: tuple[CostDriver, ...] = ()
    clock: Clock = Clock()
    portfolio_win_rate: float | None = Field(default=None, ge=0, le=1)
    rules: tuple[AlertRule, ...] = ()

    @model_validator(mode="after")
    def _check_codes(self) -> RunConfig:
        codes = [factor.code for factor in self.factors]
        doubled = sorted({code for code in codes if codes.count(code) > 1})
        if doubled:
            # a movement names factors by their code
            raise ValueError(f"two factors share a code: {', '.join(doubled)}")
        return self

    def kpi(self, kpi_id: int | None) -> Kpi | None:
        """The KPI of that id when it can be used, else None."""
        return next((kpi for kpi in self.kpis if kpi.id == kpi_id and kpi.available), None)

    def without(self, kpi_ids: Iterable[int]) -> RunConfig:
        """The same, with these KPIs not available."""
        gone = set(kpi_ids)
        kpis = tuple(kpi.model_copy(update={"available": False}) if kpi.id in gone else kpi for kpi in self.kpis)
        return self.model_copy(update={"kpis": kpis})

    def factor(self, code: str) -> Factor | None:
        """The factor of that code, or None."""
        return next((factor for factor in self.factors if factor.code == code), None)
