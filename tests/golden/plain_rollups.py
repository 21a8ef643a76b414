"""Satisfaction and relationships of a company, worked out in plain Python: another program, written from the
methodology alone.

It knows nothing of the worker and of its libraries, goes subject by subject, and is slow and short.
"""

import datetime

from plain_scores import number, read

INFLUENCE = {"low": 0.5, "medium": 1.0, "high": 2.0, "": 1.0}
HALF_LIFE, RHYTHM, WINDOW = 180, 90, 90
SHOWN_FROM = 5


def day(text):
    return datetime.date.fromisoformat(text)


def mean(values):
    return sum(values) / len(values) if values else None


class Rolled:
    """Everything that is written in one folder, and what follows from it."""

    def __init__(self, folder, as_of):
        self.as_of = as_of
        names = ("account", "answer", "request", "person", "seat", "thread", "assessment", "objective")
        self.said = {name: read(folder, name) for name in names}
        self.accounts = {row["account_id"]: row for row in self.said["account"]}
        self.satisfaction = dict(self.subjects())
        self.people = {row["stakeholder_id"]: self.strength(row) for row in self.said["person"]}

    # ---------------------------------------------------------------- satisfaction
    def subjects(self):
        """((scope, subject, account, touchpoint), figures) of everybody who answered or was asked."""
        tiers = {account: row["tier_id"] for account, row in self.accounts.items()}
        scopes = {
            "contact": lambda row: row["is_named"] == "1" and (row["person"], row["account_id"]),
            "account": lambda row: (row["account_id"], row["account_id"]),
            "tier": lambda row: tiers[row["account_id"]] and (tiers[row["account_id"]], ""),
            "portfolio": lambda row: ("0", ""),
        }
        for scope, subject in scopes.items():
            answers = [row for row in self.said["answer"] if subject(row) and day(row["date"]) <= self.as_of]
            requests = [row for row in self.said["request"] if subject(row)]
            for key in {subject(row) for row in answers + requests}:
                own = [row for row in answers if subject(row) == key]
                asked = [row for row in requests if subject(row) == key]
                yield (scope, *key, ""), self.figures(own, asked, scope)
                for touchpoint in {row["touchpoint_id"] for row in own} - {""}:
                    if scope != "contact":
                        at_one = [row for row in own if row["touchpoint_id"] == touchpoint]
                        if self.told(self.counting(at_one, self.as_of)):
                            yield (scope, *key, touchpoint), self.figures(at_one, [], scope, self.told)

    def hidden(self, row):
        anonymous = [each for each in self.of("answer", row["account_id"]) if not each["person"]]
        return not row["person"] and len(anonymous) < SHOWN_FROM

    def told(self, rows):
        """Hidden answers are left out of a figure until five of them go into it."""
        shown = [row for row in rows if not self.hidden(row)]
        return rows if len(rows) - len(shown) >= SHOWN_FROM else shown

    def figures(self, answers, requests, scope, indexed=list):
        counting = indexed(self.counting(answers, self.as_of))
        of_kind = {kind: self.told([row for row in counting if row["kind"] == kind])
                   for kind in ("nps", "csat", "ces", "moment")}
        nps = [float(row["value"]) for row in of_kind["nps"]]
        promoters, detractors = sum(value >= 9 for value in nps), sum(value <= 6 for value in nps)
        asked, answered = (sum(int(row[name]) for row in requests) for name in ("asked", "answered"))
        now = self.index(counting, scope)
        earlier = self.as_of - datetime.timedelta(days=90)
        then = self.index(indexed(self.counting(answers, earlier)), scope)
        scales = {(row["scale_min"], row["scale_max"], row["low_is_good"]) for row in of_kind["ces"]}
        [scale] = scales if len(scales) == 1 else [(None, None, None)]
        return {
            "nps": 100 * (promoters - detractors) / len(nps) if nps else None,
            "csat": mean([float(row["value"]) >= 4 for row in of_kind["csat"]]),
            "ces": mean([float(row["value"]) for row in of_kind["ces"]]) if scale[0] else None,
            **dict(zip(("ces_lowest", "ces_highest", "ces_low_is_good"),
                       (None if bound is None else float(bound) for bound in scale), strict=True)),
            "favourability": mean([float(row["value"]) for row in of_kind["moment"]]),
            **{f"{name}_answers": len(of_kind[kind]) for name, kind in
               (("nps", "nps"), ("csat", "csat"), ("ces", "ces"), ("favourability", "moment"))},
            "satisfaction": now,
            "answers": len(counting),
            "people": len({self.who(row) for row in counting}),
            "last_date": max((row["date"] for row in counting), default=None),
            "asked": asked,
            "answered": answered,
            "response_rate": answered / asked if asked else None,
            "trend": None if now is None or then is None else now - then,
        }

    @staticmethod
    def who(row):
        return row["person"] or ("anonymous", row["answer_id"])

    def counting(self, answers, until):
        latest = {}
        for row in sorted(answers, key=lambda each: (each["date"], int(each["answer_id"]))):
            if day(row["date"]) <= until:
                latest[self.who(row), row["kind"], row["touchpoint_id"]] = row
        return list(latest.values())

    def index(self, counting, scope):
        if len(counting) < 3 or scope != "contact" and len({self.who(row) for row in counting}) < 2:
            return None
        weights = [self.weight(row) for row in counting]
        return sum(w * self.points(row) for w, row in zip(weights, counting, strict=True)) / sum(weights)

    def weight(self, row):
        influence = INFLUENCE[row["power"]] if row["person"] else 1.0
        return influence * 0.5 ** ((self.as_of - day(row["date"])).days / HALF_LIFE)

    @staticmethod
    def points(row):
        value, low, high = (float(row[name]) for name in ("value", "scale_min", "scale_max"))
        if row["kind"] == "nps":
            return 100 if value >= 9 else 50 if value >= 7 else 0
        if row["kind"] == "ces":
            return 100 * ((high - value) if row["low_is_good"] == "1" else (value - low)) / (high - low)
        return 100 if value >= {"csat": 4, "moment": 1}[row["kind"]] else 0

    # ---------------------------------------------------------------- people
    def strength(self, row):
        others = [each for each in self.said["person"] if each["account_id"] == row["account_id"]]
        if not any(each["last_contact"] for each in others):
            return None
        if not row["last_contact"]:
            return 0.0
        rhythm = float(row["cadence_days"] or RHYTHM)
        recent = 0.5 ** (max(0, self.since(row) - rhythm) / rhythm)
        often = min(1, int(row["contact_days"]) * rhythm / WINDOW)
        return 40 * recent + 30 * often + 30 * int(row["is_two_way"])

    def since(self, row):
        return (self.as_of - day(row["last_contact"])).days

    def in_touch(self, row):
        return bool(row["last_contact"]) and self.since(row) <= float(row["cadence_days"] or RHYTHM)

    def relationships(self):
        concerned = {row["account_id"] for name in ("person", "seat", "assessment") for row in self.said[name]}
        return {account: {**self.relation(account), **self.quality(account)} for account in concerned}

    def of(self, name, account):
        return [row for row in self.said[name] if row["account_id"] == account]

    def relation(self, account):
        people, seats = self.of("person", account), self.of("seat", account)
        filled = sum(int(row["people"]) > 0 for row in seats)
        met = any(row["last_contact"] for row in people)
        weights = {row["stakeholder_id"]: INFLUENCE[row["power"]] for row in people}
        touched = sum(self.in_touch(row) for row in people)
        colleagues = sum(int(row["colleagues"]) for row in self.of("thread", account))
        wanted = [row for row in people if row["current"] and row["target"]]
        total = sum(INFLUENCE[row["power"]] * int(row["target"]) for row in wanted)
        short = sum(INFLUENCE[row["power"]] * max(0, int(row["target"]) - int(row["current"])) for row in wanted)
        strength = None
        if met:
            strength = sum(weight * self.people[each] for each, weight in weights.items())
            strength /= sum(weights.values()) + 2 * (len(seats) - filled)
        return {
            "strength": strength,
            "coverage": touched / len(people) if met else None,
            "people": len(people),
            "people_in_touch": touched,
            "role_coverage": filled / len(seats) if seats else None,
            "roles_required": len(seats),
            "roles_filled": filled,
            "gap": short / total if total else None,
            "colleagues": colleagues,
            "is_single_thread": float(touched <= 1 or colleagues <= 1) if met else None,
            "functions": self.functions(people),
        }

    def functions(self, people):
        names = sorted({row["function_id"] for row in people}, key=lambda name: (not name, int(name or 0)))
        return [
            [int(name) if name else None, len(own), sum(self.in_touch(row) for row in own),
             sum(int(row["contact_days"]) for row in own)]
            for name in names
            for own in [[row for row in people if row["function_id"] == name]]
        ]

    def quality(self, account):
        latest = {}
        for row in sorted(self.of("assessment", account), key=lambda each: each["date"]):
            latest[row["aspect"], row["rater_id"]] = row
        # 18 months before 20 November 2026
        counting = [row for row in latest.values() if day(row["date"]) >= datetime.date(2025, 5, 20)]
        manager = self.accounts[account]["manager_id"]
        aspects = {}
        for aspect in sorted({row["aspect"] for row in counting}):
            own = [row for row in counting if row["aspect"] == aspect]
            if {row["rater_id"] for row in own} == {manager}:
                continue
            weights = [0.5 ** ((self.as_of - day(row["date"])).days / HALF_LIFE) * (0.5 if row["rater_id"] == manager
                       else 1) for row in own]
            rating = sum(w * float(row["value"]) for w, row in zip(weights, own, strict=True)) / sum(weights)
            score = (rating - 1) / 9 * 100
            values = [number(row["value"]) for row in own]
            aspects[aspect] = [100 - score if aspect == "conflict" else score, len(own), max(values) - min(values),
                               max(row["date"] for row in own)]
        return {
            "quality": mean([score for score, *_rest in aspects.values()]),
            "quality_raters": len({row["rater_id"] for row in counting}),
            "quality_date": max((row["date"] for row in counting), default=None),
            "aspects": aspects or None,
        }

    # ---------------------------------------------------------------- health
    def health(self, account):
        points = {"on_track": 100, "achieved": 100, "at_risk": 60, "off_track": 20, "missed": 20}
        index = self.satisfaction.get(("account", account, account, ""), {}).get("satisfaction")
        strength = self.relation(account)["strength"]
        reached = mean([points[row["status"]] for row in self.of("objective", account)])
        known = [(weight, value) for weight, value in ((25, index), (25, strength), (10, reached)) if value is not None]
        weight = sum(each for each, _value in known)
        if weight < 50:
            return None
        found = sum(each * value for each, value in known) / weight
        if index is not None and index < 25:
            return min(found, 49)
        return min(found, 74) if any(value < 25 for _weight, value in known) else found
