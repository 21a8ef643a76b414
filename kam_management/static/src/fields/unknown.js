/**
 * How numbers that may be unknown are written. The server sends `false` for an unknown number; Odoo's own
 * formatters would leave it blank or write it as 0.
 */
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { formatFloat, formatMonetary } from "@web/views/fields/formatters";

export function isUnknown(value) {
    return value === false || value === null || value === undefined;
}

export function unknownLabel(isAssessed = true) {
    return isAssessed ? _t("unknown") : _t("not assessed");
}

function percent(value, digits, signed = false) {
    // 50% everywhere, never 50.0%: the same figure reads the same on a card, in a list and in a sentence.
    const text = formatFloat(Math.abs(value), { digits: [16, digits], trailingZeros: false });
    const isZero = !Number(Math.abs(value).toFixed(digits));
    const sign = isZero ? "" : value < 0 ? "−" : signed ? "+" : "";
    return _t("%s%", `${sign}${text}`).toString();
}

/** One formatter per kind of number. Each takes a number that is known. */
export const KINDS = {
    score: (value) => formatFloat(value, { digits: [16, 0] }),
    share: (value) => percent(value * 100, 1),
    percent: (value) => percent(value, 1),
    pace: (value) => percent(value * 100, 0),
    growth: (value) => percent(value, 1, true),
    rank: (value) => formatFloat(value, { digits: [16, 0] }),
    money: (value, { currencyId } = {}) =>
        formatMonetary(value, {
            currencyId: currencyId || user.activeCompany?.currency_id,
            digits: [16, 0],
        }),
    number: (value, { digits } = {}) =>
        formatFloat(value, { digits: digits || [16, 2], trailingZeros: false }),
};

export function formatKind(kind, value, options = {}) {
    return isUnknown(value) ? unknownLabel().toString() : KINDS[kind](value, options);
}

// Footers and group rows of lists, pivot and graph look formatters up by the name of the widget.
for (const kind of Object.keys(KINDS)) {
    registry
        .category("formatters")
        .add(`kam_${kind}`, (value, options) => formatKind(kind, value, options));
}
