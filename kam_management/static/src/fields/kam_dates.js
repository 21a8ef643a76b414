/**
 * Days that are not written as a day: a month by its name and year, and the day of an estimate by its age.
 */
import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { formatDate } from "@web/core/l10n/dates";
import { dateField, DateTimeField } from "@web/views/fields/datetime/datetime_field";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** "December 2026" for any day of it; months are what the calendar offers. */
export class KamMonthField extends DateTimeField {
    getFormattedValue(valueIndex) {
        const day = this.values[valueIndex];
        return day ? day.toLocaleString({ month: "long", year: "numeric" }) : "";
    }
}

registry.category("fields").add("kam_month", {
    ...dateField,
    component: KamMonthField,
    displayName: _t("Month"),
    extractProps: (...info) => ({ ...dateField.extractProps(...info), minPrecision: "months" }),
    // for the longest name of a month
    listViewWidth: 130,
});

/** How long ago an estimate was made; an old one has a clock. The day itself stands in the tooltip. */
export class KamEstimateDateField extends Component {
    static template = "kam_management.EstimateDateField";
    static props = { ...standardFieldProps };

    get age() {
        return this.props.record.data.potential_age;
    }

    get isOld() {
        return this.props.record.data.is_potential_old;
    }

    get title() {
        const day = formatDate(this.props.record.data[this.props.name]);
        return this.isOld ? _t("%s: older than half a year, ask again", day) : day;
    }
}

registry.category("fields").add("kam_estimate_date", {
    component: KamEstimateDateField,
    displayName: _t("Age of an estimate"),
    supportedTypes: ["date"],
    listViewWidth: [120, 140],
    fieldDependencies: [
        { name: "potential_age", type: "char", readonly: true },
        { name: "is_potential_old", type: "boolean", readonly: true },
    ],
});
