/**
 * A rating from 1 to 10. To rate is one click; what 1, 4, 7 and 10 mean stands beside it. 0 is "not rated yet".
 */
import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

export const STEPS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
const ANCHORS = [1, 4, 7, 10];

export class KamRatingField extends Component {
    static template = "kam_management.RatingField";
    static props = {
        ...standardFieldProps,
        anchors: { type: Boolean, optional: true },
        label: { type: String, optional: true },
    };

    get steps() {
        return STEPS;
    }

    get value() {
        return this.props.record.data[this.props.name] || 0;
    }

    get label() {
        return this.props.label || this.props.record.fields[this.props.name].string;
    }

    get anchors() {
        const { data } = this.props.record;
        return ANCHORS.map((step) => ({ step, text: data[`anchor_${step}`] })).filter(
            ({ text }) => text
        );
    }

    get nearest() {
        if (!this.value || !this.anchors.length) {
            return null;
        }
        const distance = ({ step }) => Math.abs(step - this.value);
        return this.anchors.reduce((best, anchor) =>
            distance(anchor) < distance(best) ? anchor : best
        ).step;
    }

    title(step) {
        const anchor = this.anchors.find((candidate) => candidate.step === step);
        return anchor ? `${step}: ${anchor.text}` : `${step}`;
    }

    rate(step) {
        return this.props.record.update({ [this.props.name]: step });
    }
}

export const kamRatingField = {
    component: KamRatingField,
    displayName: _t("Rating from 1 to 10"),
    supportedTypes: ["integer"],
    isEmpty: () => false,
    // Ten buttons while it is edited in a list.
    listViewWidth: [150, 330],
    fieldDependencies: ANCHORS.map((step) => ({
        name: `anchor_${step}`,
        type: "char",
        readonly: true,
    })),
    extractProps: ({ options }) => ({ anchors: Boolean(options.anchors) }),
};

registry.category("fields").add("kam_rating", kamRatingField);
