/**
 * How satisfied an account or a person is: figures with what they are made of, the index month by month, how they
 * answered, in their words, and the customer's journey. The server says all of it in words; here it is only drawn.
 */
import { Component, onWillStart, onWillUpdateProps, useEffect, useRef, useState } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { cookie } from "@web/core/browser/cookie";
import { getColor } from "@web/core/colors/colors";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { isUnknown } from "../fields/unknown";

/** Class and icon of each colour; the word beside it says the same. Grey is the unknown. */
export const TONES = {
    good: { tone: "good", icon: "fa-check-circle" },
    mixed: { tone: "warn", icon: "fa-exclamation-triangle" },
    bad: { tone: "bad", icon: "fa-exclamation-circle" },
    false: { tone: "plain", icon: "fa-question-circle-o" },
};
const ARROWS = { up: "fa-arrow-up kam_up", down: "fa-arrow-down kam_down", same: "fa-arrow-right text-muted" };
const NOTHING = {
    state: "empty",
    may_create: false,
    ways: [],
    is_person: false,
    domain: [],
    answers: 0,
    words: false,
    series: false,
    unread: false,
    distribution: [],
    verbatims: [],
    journey: [],
};

/** The index month by month: a month without one is a gap, never a zero. Chart.js comes when it is first needed. */
export class KamSatisfactionTrend extends Component {
    static template = "kam_management.SatisfactionTrend";
    static props = { series: Object };

    setup() {
        this.canvasRef = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => {
                const chart = this.renderChart();
                return () => chart.destroy();
            },
            () => [this.props.series]
        );
    }

    renderChart() {
        const scheme = cookie.get("color_scheme");
        const text = getComputedStyle(this.canvasRef.el).color;
        const { points } = this.props.series;
        const color = getColor(0, scheme, 1);
        return new Chart(this.canvasRef.el, {
            type: "line",
            data: {
                labels: points.map(({ label }) => label),
                datasets: [
                    {
                        data: points.map(({ index }) => (isUnknown(index) ? null : index)),
                        borderColor: color,
                        backgroundColor: color,
                        pointRadius: 3,
                        pointHitRadius: 12,
                        borderWidth: 2,
                        spanGaps: false,
                    },
                ],
            },
            options: {
                maintainAspectRatio: false,
                animation: false,
                interaction: { mode: "index", intersect: false },
                scales: {
                    x: {
                        grid: { display: false },
                        ticks: { color: text, maxRotation: 0, autoSkipPadding: 16 },
                    },
                    y: { min: 0, max: 100, ticks: { color: text, stepSize: 25 } },
                },
                plugins: {
                    legend: { display: false },
                    tooltip: {
                        callbacks: {
                            label: ({ dataIndex }) => points[dataIndex].text,
                            footer: ([item]) => (item ? points[item.dataIndex].note : ""),
                        },
                    },
                },
            },
        });
    }
}

export class KamSatisfaction extends Component {
    static template = "kam_management.Satisfaction";
    static components = { KamSatisfactionTrend };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.arrows = ARROWS;
        this.state = useState({ ...NOTHING });
        onWillStart(() => this.load(this.props.record.resId));
        onWillUpdateProps(({ record }) => {
            if (record.resId !== this.partner) {
                return this.load(record.resId);
            }
        });
    }

    async load(partner) {
        this.partner = partner;
        const found = partner
            ? await this.orm.call("res.partner", "get_kam_satisfaction", [[partner]])
            : NOTHING;
        Object.assign(this.state, found);
    }

    look(tone) {
        return TONES[tone];
    }

    barLabel(bar) {
        return _t("%(label)s: %(count)s", { label: bar.label, count: bar.count });
    }

    /** The answers behind what was clicked, narrowed down by `domain`. */
    openAnswers(name, domain = []) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name,
            res_model: "kam.satisfaction.response",
            views: [
                [false, "list"],
                [false, "kanban"],
                [false, "form"],
            ],
            domain: [...this.state.domain, ...domain],
            context: this.defaults,
        });
    }

    openMoment(moment) {
        return this.openAnswers(moment.name, [["touchpoint_id", "=", moment.id]]);
    }

    openAnswer(id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "kam.satisfaction.response",
            res_id: id,
            views: [[false, "form"]],
        });
    }

    get defaults() {
        return { [this.state.is_person ? "default_contact_id" : "default_partner_id"]: this.partner };
    }

    async take(way) {
        return this.action.doAction(
            await this.orm.call("res.partner", way.method, [[this.partner]])
        );
    }

    enterAnswer() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("Answer"),
            res_model: "kam.satisfaction.response",
            views: [[false, "form"]],
            context: this.defaults,
        });
    }
}

registry.category("view_widgets").add("kam_satisfaction", { component: KamSatisfaction });
