/**
 * Fields for numbers that may be unknown: `kam_score` (0 to 100), `kam_share` (0 to 1, shown in percent),
 * `kam_percent` (percent), `kam_growth` (signed percent), `kam_rank`, `kam_money` and `kam_number`.
 *
 * Unknown is muted text, never 0 and never red. Where `options.assessed` names a boolean field that is false, the
 * account was not compared with others and the text is "not assessed". `options.bar` draws a score as a bar too,
 * `options.band` names the field with the band that it lies in.
 */
import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { floatField } from "@web/views/fields/float/float_field";
import { getCurrency } from "@web/core/currency";
import { user } from "@web/core/user";
import { UnknownFloatField } from "./unknown_float_field";
import { BADGES } from "./kam_badge";
import { KINDS, isUnknown, unknownLabel } from "./unknown";

export class KamNumberField extends UnknownFloatField {
    static template = "kam_management.NumberField";
    static props = {
        ...UnknownFloatField.props,
        kind: String,
        bar: { type: Boolean, optional: true },
        assessed: { type: String, optional: true },
        band: { type: String, optional: true },
        currencyField: { type: String, optional: true },
    };

    get isUnknown() {
        return isUnknown(this.value);
    }

    get unknownText() {
        const { assessed, record } = this.props;
        return unknownLabel(!assessed || record.data[assessed]);
    }

    get formattedValue() {
        if (this.isUnknown) {
            return "";
        }
        if (!this.props.readonly) {
            return super.formattedValue;
        }
        const currency = this.props.record.data[this.props.currencyField];
        return KINDS[this.props.kind](this.value, {
            currencyId: currency && currency.id,
            digits: this.props.digits || this.props.record.fields[this.props.name].digits,
        });
    }

    /** The unit of an amount that is being written, as Odoo shows it beside its own amounts. */
    get symbol() {
        if (this.props.kind !== "money") {
            return null;
        }
        const currency = this.props.record.data[this.props.currencyField];
        return getCurrency(currency?.id || user.activeCompany?.currency_id);
    }

    get numberClass() {
        if (this.props.kind !== "growth") {
            return "";
        }
        // The sign says it as well: colour alone would not reach everybody.
        return this.value < 0 ? "text-danger" : "text-success";
    }

    /** The badge of `options.band`, which says in colour, shape and word what the number means. */
    get band() {
        const { band, record } = this.props;
        return band && record.data[band] ? bandOf(record, band) : null;
    }

    get barWidth() {
        return this.isUnknown ? 0 : Math.max(0, Math.min(100, this.value));
    }
}

function bandOf(record, name) {
    const value = record.data[name];
    const [, label] = record.fields[name].selection.find(([candidate]) => candidate === value);
    return { label, ...BADGES.band[value] };
}

/** Pixels in a list, for the longest text of each kind. */
const WIDTHS = {
    score: [78, 100],
    share: [64, 90],
    percent: [64, 90],
    growth: [74, 100],
    rank: [44, 80],
    money: [104, 160],
    number: [80, 110],
};

function numberField(kind) {
    return {
        ...floatField,
        component: KamNumberField,
        displayName: _t("Number that may be unknown"),
        supportedTypes: ["float", "integer", "monetary"],
        // A label is never dimmed: the field says "unknown" itself.
        isEmpty: () => false,
        listViewWidth: ({ options }) =>
            options?.band ? [110, 130] : options?.assessed ? [94, 110] : WIDTHS[kind],
        fieldDependencies: ({ options }) => {
            const names = [];
            if (options?.assessed) {
                names.push({ name: options.assessed, type: "boolean", readonly: true });
            }
            if (options?.band) {
                names.push({ name: options.band, type: "selection", readonly: true });
            }
            if (kind === "money") {
                const name = options?.currency_field || "currency_id";
                names.push({ name, type: "many2one", relation: "res.currency", readonly: true });
            }
            return names;
        },
        extractProps: (fieldInfo) => ({
            ...floatField.extractProps(fieldInfo),
            trailingZeros: false,
            kind,
            bar: Boolean(fieldInfo.options.bar),
            assessed: fieldInfo.options.assessed,
            band: fieldInfo.options.band,
            currencyField: fieldInfo.options.currency_field || "currency_id",
        }),
    };
}

for (const kind of Object.keys(KINDS)) {
    registry.category("fields").add(`kam_${kind}`, numberField(kind));
}
