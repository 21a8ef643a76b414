/**
 * The scores of an account over time, as lines with gaps where a score was unknown and a dashed mark on each day on
 * which the settings had changed: a jump there says nothing about the customer.
 */
import { Component, onWillStart, onWillUpdateProps, useEffect, useRef, useState } from "@odoo/owl";
import { cookie } from "@web/core/browser/cookie";
import { loadBundle } from "@web/core/assets";
import { getColor, getCustomColor } from "@web/core/colors/colors";
import { formatDate, deserializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { formatKind, isUnknown } from "../fields/unknown";

const LINES = ["health", "attractiveness", "position", "willingness"];
const SHAPES = ["circle", "rect", "triangle", "rectRot"];
// More than a year of daily rows; older ones are month ends.
const LIMIT = 500;

/** Draws a dashed line at each label in `days`. */
export function settingsMarks(days) {
    return {
        id: "kamSettingsMarks",
        afterDatasetsDraw(chart) {
            const { ctx, chartArea, scales } = chart;
            ctx.save();
            ctx.setLineDash([4, 4]);
            ctx.lineWidth = 1;
            ctx.strokeStyle = getCustomColor(cookie.get("color_scheme"), "#6c757d", "#adb5bd");
            for (const index of days) {
                const x = scales.x.getPixelForValue(index);
                ctx.beginPath();
                ctx.moveTo(x, chartArea.top);
                ctx.lineTo(x, chartArea.bottom);
                ctx.stroke();
            }
            ctx.restore();
        },
    };
}

export class KamTrend extends Component {
    static template = "kam_management.Trend";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.canvasRef = useRef("canvas");
        this.state = useState({ rows: [] });
        onWillStart(async () => {
            await Promise.all([loadBundle("web.chartjs_lib"), this.load(this.props)]);
        });
        onWillUpdateProps((nextProps) => this.load(nextProps));
        useEffect(
            () => {
                const chart = this.renderChart();
                return () => chart?.destroy();
            },
            () => [this.state.rows]
        );
    }

    /** The account and the company of whichever record this stands on: a score or a partner. */
    account({ record }) {
        if (record.resModel === "res.partner") {
            return [record.resId, user.activeCompany.id];
        }
        return [record.data.partner_id?.id, record.data.company_id?.id];
    }

    async load(props) {
        const [account, company] = this.account(props);
        const key = `${account}/${company}`;
        if (this.loaded === key) {
            return;
        }
        this.loaded = key;
        const rows = account
            ? await this.orm.searchRead(
                  "kam.score.history",
                  [
                      ["partner_id", "=", account],
                      ["company_id", "=", company],
                  ],
                  ["as_of", "settings_changed", ...LINES],
                  { order: "as_of desc", limit: LIMIT }
              )
            : [];
        this.state.rows = rows.reverse();
    }

    get hasTrend() {
        return this.state.rows.length > 1;
    }

    get markedDays() {
        // The first row has nothing before it to differ from.
        return this.state.rows.flatMap((row, index) =>
            index && row.settings_changed ? [index] : []
        );
    }

    get labels() {
        return {
            health: _t("Health"),
            attractiveness: _t("Attractiveness"),
            position: _t("Competitive position"),
            willingness: _t("Willingness to co-invest"),
        };
    }

    renderChart() {
        if (!this.hasTrend || !this.canvasRef.el) {
            return null;
        }
        const scheme = cookie.get("color_scheme");
        const text = getCustomColor(scheme, "#495057", "#e4e4e4");
        const { rows } = this.state;
        const marked = new Set(this.markedDays);
        const datasets = LINES.map((name, index) => ({
            label: this.labels[name].toString(),
            data: rows.map((row) => (isUnknown(row[name]) ? null : row[name])),
            borderColor: getColor(index, scheme, LINES.length),
            backgroundColor: getColor(index, scheme, LINES.length),
            pointStyle: SHAPES[index],
            pointRadius: rows.length > 40 ? 0 : 3,
            pointHitRadius: 12,
            borderWidth: 2,
            spanGaps: false,
        })).filter(({ data }) => data.some((value) => value !== null));
        return new Chart(this.canvasRef.el, {
            type: "line",
            data: {
                labels: rows.map((row) => formatDate(deserializeDate(row.as_of))),
                datasets,
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
                    legend: { position: "bottom", labels: { color: text, usePointStyle: true } },
                    tooltip: {
                        callbacks: {
                            label: ({ dataset, raw }) =>
                                `${dataset.label}: ${formatKind("score", raw ?? false)}`,
                            footer: (items) =>
                                marked.has(items[0]?.dataIndex)
                                    ? _t("Settings had changed").toString()
                                    : "",
                        },
                    },
                },
            },
            plugins: [settingsMarks(this.markedDays)],
        });
    }
}

registry.category("view_widgets").add("kam_trend", { component: KamTrend });
