/**
 * The KPIs of an account as cards: value, target and light, change and a small line of twelve months.
 *
 * The server answers in one call with numbers and sentences; here they are written in the unit of each KPI and drawn. A
 * colour never stands alone: a word and a shape say the same. An unknown value is a gap in the line, never a zero.
 */
import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { formatChange, formatUnit } from "../fields/kam_kpi_number";
import { KINDS, isUnknown } from "../fields/unknown";

const WIDTH = 120;
const HEIGHT = 32;
const EDGE = 3;
const NOTHING = { state: "none", areas: [], since: false, as_of: false, may_set: false };

/** Class, icon and word of each light. */
export function lightOf(status) {
    return {
        green: { tone: "good", icon: "fa-check-circle", word: _t("On target") },
        amber: { tone: "warn", icon: "fa-exclamation-triangle", word: _t("Just behind") },
        red: { tone: "bad", icon: "fa-exclamation-circle", word: _t("Behind") },
    }[status];
}

/**
 * Where the points of a small line lie: ``{lines, dots, zero}``. Known neighbours are joined, an unknown month leaves a
 * gap, and a single known month between two gaps is a dot. The line keeps zero in sight where values lie around it.
 */
export function sparkline(points) {
    const known = points.map(({ value }) => value).filter((value) => !isUnknown(value));
    if (!known.length) {
        return { lines: [], dots: [], zero: false };
    }
    const low = Math.min(...known);
    const high = Math.max(...known);
    const x = (index) =>
        points.length > 1 ? EDGE + (index * (WIDTH - 2 * EDGE)) / (points.length - 1) : WIDTH / 2;
    // All the same is a line in the middle.
    const y = (value) =>
        high > low ? HEIGHT - EDGE - ((value - low) * (HEIGHT - 2 * EDGE)) / (high - low) : HEIGHT / 2;
    const runs = [[]];
    points.forEach(({ value }, index) => {
        if (isUnknown(value)) {
            runs.push([]);
        } else {
            runs.at(-1).push([x(index).toFixed(1), y(value).toFixed(1)]);
        }
    });
    const filled = runs.filter((run) => run.length);
    return {
        lines: filled.filter((run) => run.length > 1).map((run) => run.join(" ")),
        dots: [...filled.filter((run) => run.length === 1).flat(), filled.at(-1).at(-1)],
        zero: low < 0 && high > 0 ? y(0).toFixed(1) : false,
    };
}

export class KamKpiBoard extends Component {
    static template = "kam_management.KpiBoard";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.size = { width: WIDTH, height: HEIGHT };
        this.state = useState({ ...NOTHING, grain: "month" });
        onWillStart(() => this.load(this.props.record.resId));
        onWillUpdateProps(({ record }) => {
            if (record.resId !== this.account) {
                return this.load(record.resId);
            }
        });
    }

    get grains() {
        return [
            ["month", _t("Month")],
            ["quarter", _t("Quarter")],
            ["year", _t("Year")],
            ["rolling", _t("12 months")],
        ];
    }

    async load(account, grain = this.state.grain) {
        this.account = account;
        const found = account
            ? await this.orm.call("res.partner", "get_kam_kpi_board", [[account]], { grain })
            : NOTHING;
        Object.assign(this.state, { ...NOTHING, ...found, grain });
    }

    show(grain) {
        return this.load(this.account, grain);
    }

    isUnknown(value) {
        return isUnknown(value);
    }

    write(card, value) {
        return formatUnit(card.unit, value, this.state.currency_id);
    }

    change(card) {
        return formatChange(card.unit, card.trend, this.state.currency_id);
    }

    pace(card) {
        return isUnknown(card.pace) ? false : KINDS.pace(card.pace);
    }

    /** Of nothing on the board there is a target: said once, not on each card. */
    get hasNoTarget() {
        return (
            this.state.state === "known" &&
            this.state.areas.every(({ cards }) => cards.every(({ target }) => isUnknown(target)))
        );
    }

    light(card) {
        return lightOf(card.status);
    }

    /** Up and down are facts; good and bad depend on what the KPI counts. */
    arrow({ trend, low_is_good }) {
        if (isUnknown(trend)) {
            return false;
        }
        if (!trend) {
            return { icon: "fa-arrow-right", tone: "text-muted", word: _t("unchanged") };
        }
        const isUp = trend > 0;
        return {
            icon: isUp ? "fa-arrow-up" : "fa-arrow-down",
            tone: isUp === !low_is_good ? "kam_up" : "kam_down",
            word: isUp === !low_is_good ? _t("better") : _t("worse"),
        };
    }

    line(card) {
        return sparkline(card.points);
    }

    lineLabel(card) {
        const known = card.points.filter(({ value }) => !isUnknown(value));
        if (!known.length) {
            return _t("No month of the last twelve is known");
        }
        return _t("%(first)s: %(from)s; %(last)s: %(to)s", {
            first: known[0].label,
            from: this.write(card, known[0].value),
            last: known.at(-1).label,
            to: this.write(card, known.at(-1).value),
        });
    }

    /** The values of one KPI, as a graph and a list; since the nomination as a list alone. */
    open(card, grain = this.state.grain) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: card.name,
            res_model: "kam.kpi.value",
            views: [
                ...(["month", "quarter", "year"].includes(grain) ? [[false, "graph"]] : []),
                [false, "list"],
                [false, "pivot"],
            ],
            domain: [
                ["partner_id", "=", this.account],
                ["kpi_id", "=", card.id],
            ],
            context: {
                [`search_default_grain_${grain}`]: 1,
                kam_one_kpi: true,
                pivot_column_groupby: ["period_start:month"],
            },
        });
    }

    openTargets() {
        return this.action.doAction("kam_management.kam_kpi_target_action", {
            additionalContext: {
                search_default_partner_id: this.account,
                default_partner_id: this.account,
            },
        });
    }

    spread() {
        return this.action.doAction("kam_management.kam_kpi_spread_action", {
            additionalContext: { default_partner_ids: [this.account] },
            onClose: () => this.load(this.account),
        });
    }
}

registry.category("view_widgets").add("kam_kpi_board", { component: KamKpiBoard });
