"""The scores of a company, worked out in plain Python: another program, written from the methodology alone.

It knows nothing of the worker and of its libraries, goes account by account, and is slow and short. What it
gives is what the worker is held to.
"""

import csv
import datetime
import json

DIMENSIONS = ("attractiveness", "position", "willingness", "financial_value", "health")


def read(folder, name):
    with open(folder / f"{name}.csv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def number(text):
    return float(text) if text else None


class Company:
    """Everything that is written in one folder, and what follows from it."""

    def __init__(self, folder, as_of):
        self.as_of = as_of
        self.config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self.settings = self.config["settings"]
        self.accounts = {int(row["account_id"]): row for row in read(folder, "account")}
        self.facts = {(int(row["account_id"]), int(row["kpi_id"])): row for row in read(folder, "fact")}
        self.opinions = read(folder, "opinion")
        self.rows = {account: self.money(account) for account in self.accounts}
        self.rank()
        self.compare()
        self.score()

    # ---------------------------------------------------------------- money
    def value(self, account, kpi, window="now"):
        fact = self.facts.get((account, kpi))
        if fact is None:
            return 0.0  # every KPI of the example sums or counts
        return None if int(fact[f"unknown_{window}"]) else number(fact[f"value_{window}"])

    def money(self, account):
        sources = self.config["sources"]
        revenue, before = (self.value(account, sources["revenue"], window) for window in ("now", "before"))
        margin, base = self.value(account, sources["margin"]), self.value(account, sources["margin_base"])
        row = {"revenue": revenue, "revenue_before": before, "growth": None, "margin_estimated": 0}
        if revenue is not None and before is not None and before > 0:
            row["growth"] = 100 * (revenue - before) / before
        row["margin_percent"], row["margin"], row["margin_estimated"] = self.margin(revenue, margin, base)
        [driver] = self.config["cost_drivers"]
        cost = self.value(account, driver["kpi_id"]) * driver["unit_cost"]
        row["net_margin"] = None if row["margin"] is None else row["margin"] - cost
        row["cost_to_serve_percent"] = 100 * cost / revenue if revenue is not None and revenue > 0 else None
        fact = self.facts.get((account, sources["revenue"]))
        row["documents"] = int(fact["documents"]) if fact else 0
        row["last_document"] = fact["last_date"] if fact else None
        return row

    def margin(self, revenue, margin, base):
        """Percent, amount, and 1 if a part of it is estimated. The base is what was sold at a known cost."""
        default = self.settings["default_margin"]  # the example has one
        if margin is not None and base and base == revenue:
            return 100 * margin / base, margin, 0
        if margin is None or base is None or base <= 0:
            return default, None if revenue is None else round(revenue * default / 100, 2), 1
        if revenue is not None and base < revenue:
            amount = margin + (revenue - base) * default / 100
            return 100 * amount / revenue, round(amount, 2), 1
        return 100 * margin / base, None if revenue is None else round(revenue * margin / base, 2), 1

    # ---------------------------------------------------------------- who makes the sales
    def rank(self):
        known = [account for account in self.rows if self.rows[account]["revenue"] is not None]
        total = sum(max(self.rows[account]["revenue"], 0) for account in known)
        so_far = 0.0
        for account in sorted(known, key=lambda each: (-self.rows[each]["revenue"], each)):
            own = self.rows[account]["revenue"]
            so_far += max(own, 0)
            self.rows[account]["rank"] = 1 + sum(self.rows[other]["revenue"] > own for other in known)
            self.rows[account]["share"] = max(own, 0) / total
            self.rows[account]["cumulative_share"] = so_far / total
        for name, column in (("revenue", "pareto_class"), ("margin", "margin_class")):
            for account in self.rows:
                self.rows[account][column] = self.letter(account, name)

    def letter(self, account, name):
        values = [row[name] for row in self.rows.values() if row[name] is not None and row[name] > 0]
        own = self.rows[account][name]
        if own is None:
            return None
        # only the strictly larger ones come before: equal values share the better class
        before = 100 * sum(value for value in values if value > own) / sum(values)
        if own <= 0 or before >= self.settings["pareto_b"]:
            return "C"
        return "A" if before < self.settings["pareto_a"] else "B"

    def portfolio(self):
        active = [account for account in self.accounts if self.accounts[account]["is_active"] == "1"]
        known = {a: row["revenue"] for a, row in self.rows.items() if row["revenue"] is not None}
        total = sum(value for value in known.values() if value > 0)
        shares = sorted((known[a] / total for a in active if known.get(a, 0) > 0), reverse=True)
        return {
            "accounts": len(active),
            "key_accounts": sum(self.accounts[a]["is_key"] == "1" for a in active),
            "compared": len(self.members),
            "revenue": sum(known.values()),
            "unknown_revenue": len(self.rows) - len(known),
            "largest_share": shares[0],
            "top5_share": sum(shares[:5]),
            "hhi": sum((100 * share) ** 2 for share in shares),
        }

    # ---------------------------------------------------------------- what people think
    def opinion(self, account, factor):
        latest = {}
        for row in self.opinions:
            if int(row["account_id"]) == account and int(row["factor_id"]) == factor:
                date = datetime.date.fromisoformat(row["date"])
                if date > latest.get(row["rater_id"], (datetime.date.min,))[0]:
                    latest[row["rater_id"]] = (date, float(row["value"]))
        # 18 months before 20 November 2026
        counting = {rater: said for rater, said in latest.items() if said[0] >= datetime.date(2025, 5, 20)}
        if not counting:
            return None
        weights = {}
        for rater, (date, _value) in counting.items():
            weights[rater] = 0.5 ** ((self.as_of - date).days / self.settings["opinion_half_life"])
            if rater == self.accounts[account]["manager_id"]:
                weights[rater] /= 2
        mean = sum(weights[rater] * counting[rater][1] for rater in counting) / sum(weights.values())
        return (mean - 1) / 9 * 100

    # ---------------------------------------------------------------- scores
    def compare(self):
        active = [account for account, row in self.accounts.items() if row["is_active"] == "1"]
        strategic = next(f["id"] for f in self.config["factors"] if f["code"] == "strategic_value")
        buyers = [account for account in active if (self.rows[account]["revenue"] or 0) > 0]
        buyers.sort(key=lambda account: (-self.rows[account]["revenue"], account))
        self.members = sorted(
            {account for account in active if self.accounts[account]["is_key"] == "1"}
            | {account for account in active if self.accounts[account]["is_candidate"] == "1"}
            | {account for account in active if self.opinion(account, strategic) is not None}
            | set(buyers[: 3 * self.settings["capacity"]])
        )

    def points(self, account, factor):
        if factor["source"] == "opinion":
            return self.opinion(account, factor["id"])
        if factor["source"] == "component" or factor["measure"] == "share_of_wallet":
            return None
        values = {member: self.rows[member][factor["measure"]] for member in self.members}
        own = values[account]
        if own is None:
            return None
        known = [value for value in values.values() if value is not None]
        if factor["method"] == "percentile" and len(known) >= 10:
            result = 100 * (sum(v < own for v in known) + sum(v == own for v in known) / 2) / len(known)
        else:
            result = 100 * (own - factor["low"]) / (factor["high"] - factor["low"])
            result = min(max(result, 0), 100)
        return 100 - result if factor.get("inverted") else result

    def score(self):
        for account, row in self.rows.items():
            row["is_compared"] = int(account in self.members)
            row.update(dict.fromkeys((*DIMENSIONS, "strategic_value", "quadrant")))
            if account not in self.members:
                continue
            for dimension in DIMENSIONS:
                row[dimension] = self.mean(account, dimension)
            row["strategic_value"] = self.points(
                account, next(f for f in self.config["factors"] if f["code"] == "strategic_value")
            )
            if row["attractiveness"] is not None and row["position"] is not None:
                high = (row["attractiveness"] >= 50, row["position"] >= 50)
                row["quadrant"] = {
                    (True, True): "invest",
                    (True, False): "selective",
                    (False, True): "maintain",
                    (False, False): "cash",
                }[high]

    def mean(self, account, dimension):
        factors = [factor for factor in self.config["factors"] if factor["dimension"] == dimension]
        known = [
            (f["weight"], self.points(account, f)) for f in factors if self.points(account, f) is not None
        ]
        weight = sum(each for each, _points in known)
        if weight * 2 < sum(factor["weight"] for factor in factors) or not weight:
            return None
        return sum(each * points for each, points in known) / weight
