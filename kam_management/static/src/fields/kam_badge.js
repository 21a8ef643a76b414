/**
 * Choices as badges that are told apart by a letter, a shape or a word, and by colour besides: Pareto class, health
 * band, quadrant, state of a refresh. An empty choice says that it is unknown. `options.prefix` puts the field's label
 * before the word, `options.number` names a score that is written with it.
 */
import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { formatKind, isUnknown, unknownLabel } from "./unknown";

/** Tone (a class in kam.scss) and icon of each value, per kind of badge. */
export const BADGES = {
    class: {
        A: { tone: "a" },
        B: { tone: "b" },
        C: { tone: "c" },
    },
    band: {
        green: { tone: "good", icon: "fa-check-circle" },
        amber: { tone: "warn", icon: "fa-exclamation-triangle" },
        red: { tone: "bad", icon: "fa-exclamation-circle" },
    },
    quadrant: {
        invest: { tone: "quadrant", matrix: "kam_matrix_invest" },
        selective: { tone: "quadrant", matrix: "kam_matrix_selective" },
        maintain: { tone: "quadrant", matrix: "kam_matrix_maintain" },
        cash: { tone: "quadrant", matrix: "kam_matrix_cash" },
    },
    run: {
        queued: { tone: "plain", icon: "fa-clock-o" },
        running: { tone: "info", icon: "fa-refresh" },
        published: { tone: "good", icon: "fa-check-circle" },
        partial: { tone: "warn", icon: "fa-exclamation-triangle" },
        failed: { tone: "bad", icon: "fa-times-circle" },
        abandoned: { tone: "plain", icon: "fa-ban" },
    },
    concentration: {
        0: { tone: "good", icon: "fa-check-circle" },
        1: { tone: "warn", icon: "fa-exclamation-triangle" },
        2: { tone: "bad", icon: "fa-exclamation-circle" },
        3: { tone: "bad", icon: "fa-exclamation-circle" },
    },
    severity: {
        info: { tone: "info", icon: "fa-info-circle" },
        amber: { tone: "warn", icon: "fa-exclamation-triangle" },
        red: { tone: "bad", icon: "fa-exclamation-circle" },
    },
    tone: {
        good: { tone: "good", icon: "fa-check-circle" },
        mixed: { tone: "warn", icon: "fa-exclamation-triangle" },
        bad: { tone: "bad", icon: "fa-exclamation-circle" },
    },
    availability: {
        available: { tone: "good", icon: "fa-check-circle" },
        unavailable: { tone: "plain", icon: "fa-ban" },
    },
};

/** Pixels in a list, for the longest label of each kind. */
const WIDTHS = {
    class: [52, 70],
    band: [90, 120],
    quadrant: [132, 160],
    run: [180, 210],
    concentration: [110, 140],
    availability: [118, 140],
    severity: [90, 110],
    tone: [112, 135],
};

export class KamBadgeField extends Component {
    static template = "kam_management.BadgeField";
    static props = {
        ...standardFieldProps,
        kind: { type: String, optional: true },
        assessed: { type: String, optional: true },
        prefix: { type: Boolean, optional: true },
        number: { type: String, optional: true },
    };

    get value() {
        return this.props.record.data[this.props.name];
    }

    get label() {
        const field = this.props.record.fields[this.props.name];
        const option = field.selection.find(([value]) => value === this.value);
        const label = option ? option[1] : this.value;
        if (this.props.prefix) {
            return `${field.string} ${label}`;
        }
        const number = this.props.number && this.props.record.data[this.props.number];
        return isUnknown(number ?? false) ? label : `${formatKind("score", number)} ${label}`;
    }

    get look() {
        return BADGES[this.props.kind]?.[this.value] || { tone: "plain" };
    }

    get unknownText() {
        const { assessed, record } = this.props;
        return unknownLabel(!assessed || record.data[assessed]);
    }
}

export const kamBadgeField = {
    component: KamBadgeField,
    displayName: _t("Badge that may be unknown"),
    supportedTypes: ["selection"],
    isEmpty: () => false,
    listViewWidth: ({ options }) => WIDTHS[options?.kind] || [100],
    fieldDependencies: ({ options }) => {
        const names = [];
        if (options?.assessed) {
            names.push({ name: options.assessed, type: "boolean", readonly: true });
        }
        if (options?.number) {
            names.push({ name: options.number, type: "float", readonly: true });
        }
        return names;
    },
    extractProps: ({ options }) => ({
        kind: options.kind,
        assessed: options.assessed,
        prefix: Boolean(options.prefix),
        number: options.number,
    }),
};

registry.category("fields").add("kam_badge", kamBadgeField);
