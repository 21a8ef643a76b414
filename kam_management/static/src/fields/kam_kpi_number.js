/**
 * Values of KPIs, written in the unit of each: an amount with its currency, a percentage (kept as 0 to 1), days, a
 * score, a number of records; what is reached of what is due is in whole percent (`pace`). Unknown is a muted word, never 0 and never red.
 *
 * The record names its unit in `unit`, unless `options.unit` does. `options.signed` writes a change, with its sign;
 * `options.blank` leaves the place empty where there is nothing, such as a target that nobody set.
 */
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { getCurrency } from "@web/core/currency";
import { formatFloat } from "@web/views/fields/formatters";
import { floatField } from "@web/views/fields/float/float_field";
import { KamNumberField } from "./kam_number";
import { KINDS, isUnknown, unknownLabel } from "./unknown";

const plain = (value) => formatFloat(value, { digits: [16, 2], trailingZeros: false });
/** With a real minus, as percentages have. A number that is being written keeps the sign of the keyboard. */
const minus = (text) => text.replace(/^-/, "−");
const tenths = (value) => formatFloat(value, { digits: [16, 1], trailingZeros: false });

/** Whether it is written as 1, which has the singular. */
const isOne = (value) => Number(value.toFixed(1)) === 1;

/** One formatter per unit. Each takes a number that is known. */
export const UNITS = {
    amount: (value, currencyId) => KINDS.money(value, { currencyId }),
    count: (value) => minus(plain(value)),
    percent: (value) => KINDS.share(value),
    pace: (value) => KINDS.pace(value),
    days: (value) => (isOne(value) ? _t("1 day") : _t("%s days", tenths(value))).toString(),
    score: (value) => minus(tenths(value)),
    number: (value) => minus(plain(value)),
};

export function formatUnit(unit, value, currencyId) {
    return isUnknown(value)
        ? unknownLabel().toString()
        : (UNITS[unit] || plain)(value, currencyId);
}

/** A difference of two values, with its sign; of two percentages it is in points. */
export function formatChange(unit, value, currencyId) {
    if (isUnknown(value)) {
        return unknownLabel().toString();
    }
    const size = Math.abs(value);
    const text =
        unit === "percent"
            ? isOne(size * 100)
                ? _t("1 point")
                : _t("%s points", tenths(size * 100))
            : formatUnit(unit, size, currencyId);
    return `${value < 0 ? "−" : value > 0 ? "+" : ""}${text}`;
}

export class KamKpiNumberField extends KamNumberField {
    static props = {
        ...KamNumberField.props,
        signed: { type: Boolean, optional: true },
        blank: { type: Boolean, optional: true },
        unit: { type: String, optional: true },
    };

    get unit() {
        return this.props.unit || this.props.record.data.unit;
    }

    get unknownText() {
        return this.props.blank ? "" : super.unknownText;
    }

    get isPercent() {
        return this.unit === "percent";
    }

    get formattedValue() {
        if (this.isUnknown) {
            return "";
        }
        if (!this.props.readonly) {
            return plain(this.isPercent ? this.value * 100 : this.value);
        }
        const currency = this.props.record.data[this.props.currencyField];
        const write = this.props.signed ? formatChange : formatUnit;
        return write(this.unit, this.value, currency && currency.id);
    }

    parse(value) {
        const number = super.parse(this.isPercent ? value.replace("%", "") : value);
        return this.isPercent && !isUnknown(number)
            ? Number((number / 100).toFixed(8))
            : number;
    }

    /** What stands beside the number that is being written. */
    get symbol() {
        if (this.isPercent) {
            return { symbol: "%", position: "after" };
        }
        if (this.unit !== "amount") {
            return null;
        }
        const currency = this.props.record.data[this.props.currencyField];
        return getCurrency(currency?.id || user.activeCompany?.currency_id);
    }

    get numberClass() {
        return "";
    }
}

registry.category("fields").add("kam_kpi_number", {
    ...floatField,
    component: KamKpiNumberField,
    displayName: _t("Value of a KPI"),
    supportedTypes: ["float"],
    // A label is never dimmed: the field says "unknown" itself.
    isEmpty: () => false,
    listViewWidth: [96, 150],
    fieldDependencies: ({ options }) => [
        { name: "unit", type: "selection", readonly: true },
        {
            name: options?.currency_field || "currency_id",
            type: "many2one",
            relation: "res.currency",
            readonly: true,
        },
    ],
    extractProps: (fieldInfo) => ({
        ...floatField.extractProps(fieldInfo),
        trailingZeros: false,
        kind: "number",
        signed: Boolean(fieldInfo.options.signed),
        blank: Boolean(fieldInfo.options.blank),
        unit: fieldInfo.options.unit,
        currencyField: fieldInfo.options.currency_field || "currency_id",
    }),
});
// Footers and group rows of lists look formatters up by the name of the widget.
registry
    .category("formatters")
    .add("kam_kpi_number", (value) => (isUnknown(value) ? unknownLabel().toString() : plain(value)));
