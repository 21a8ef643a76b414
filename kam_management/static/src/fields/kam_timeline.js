/**
 * What a plan holds over its months: objectives as bars, dates of the buying process and actions as marks, one line
 * each. A click opens the record. The server says where everything stands; here it is only drawn.
 */
import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

export class KamTimelineField extends Component {
    static template = "kam_management.TimelineField";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
    }

    get data() {
        return this.props.record.data[this.props.name] || { lanes: [] };
    }

    get states() {
        return {
            open: _t("Still open"),
            late: _t("Late"),
            done: _t("Done"),
            cancelled: _t("Cancelled"),
        };
    }

    /** Where a day lies between start and end of the plan, in percent; days outside lie on the edge. */
    place(day) {
        const [start, end, date] = [this.data.start, this.data.end, day].map((text) =>
            deserializeDate(text)
        );
        const share = date.diff(start, "days").days / Math.max(end.diff(start, "days").days, 1);
        return 100 * Math.min(Math.max(share, 0), 1);
    }

    get today() {
        const { start, end, today } = this.data;
        return today >= start && today <= end ? this.place(today) : null;
    }

    /** The first day of each month of the plan, a label only where there is room for it. */
    get months() {
        const [start, end] = [this.data.start, this.data.end].map((text) =>
            deserializeDate(text)
        );
        const months = [];
        for (let day = start.startOf("month").plus({ months: 1 }); day <= end; day = day.plus({ months: 1 })) {
            months.push(day);
        }
        const step = Math.ceil(months.length / 6);
        return months.map((day, index) => ({
            left: this.place(day.toISODate()),
            label: index % step === 0 ? day.toFormat(day.month === 1 || !index ? "LLL yy" : "LLL") : "",
        }));
    }

    bar(item) {
        const left = this.place(item.start || item.end);
        return { left, width: this.place(item.end) - left };
    }

    title(item) {
        const dates = [item.start, item.end]
            .filter(Boolean)
            .map((day) => formatDate(deserializeDate(day)))
            .join(" – ");
        return [item.name, dates, item.who, this.states[item.state]].filter(Boolean).join(" · ");
    }

    open({ model, id }) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }
}

registry.category("fields").add("kam_timeline", {
    component: KamTimelineField,
    displayName: _t("Timeline"),
    supportedTypes: ["json"],
    isEmpty: () => false,
});
