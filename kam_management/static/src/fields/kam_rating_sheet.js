/**
 * The sheet on which all factors of an account are rated: by dimension, each with its described ratings, what everybody
 * said last on the scale from 1 to 10, and what a rating adds. All figures come from the server; nothing is rated until
 * a step is chosen.
 */
import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { TextField } from "@web/views/fields/text/text_field";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { KamRatingField, STEPS } from "./kam_rating";
import { isUnknown } from "./unknown";

export class KamRatingSheetField extends Component {
    static template = "kam_management.RatingSheetField";
    static components = { KamRatingField, TextField };
    static props = { ...standardFieldProps, plain: { type: Boolean, optional: true } };

    setup() {
        this.commentPlaceholder = _t("What makes you think so? (optional)");
    }

    get groups() {
        const { records } = this.props.record.data[this.props.name];
        const { dimensions } = this.props.record.data;
        return (dimensions || []).map((dimension) => ({
            ...dimension,
            lines: records.filter((line) => line.data.dimension === dimension.code),
        }));
    }

    get steps() {
        return STEPS;
    }

    /** Beside what is known: the shares of the factors that would become known by the ratings chosen here. */
    additions(group) {
        return group.lines.filter(
            ({ data }) => data.value && (data.effect === "adds" || data.effect === "rated")
        );
    }

    share(line) {
        return isUnknown(line.data.share) ? 0 : line.data.share;
    }

    /** The latest of each person; the server sends false when there is none. */
    opinions(line) {
        return line.data.opinions || [];
    }

    at(line, step) {
        return this.opinions(line).filter(({ value }) => value === step);
    }

    own(line) {
        return this.opinions(line).find(({ own }) => own);
    }

    others(line) {
        return this.opinions(line).filter(({ own }) => !own);
    }

    /** Whether a step lies between the lowest and the highest rating that still counts. */
    isBetween(line, step) {
        const values = this.opinions(line)
            .filter((opinion) => !opinion.too_old)
            .map((opinion) => opinion.value);
        return values.length > 1 && Math.min(...values) <= step && step <= Math.max(...values);
    }

    title(opinion) {
        const age = opinion.too_old ? _t("%s, no longer counts", opinion.age) : opinion.age;
        return `${opinion.name}: ${opinion.value}, ${age}`;
    }

    avatar(opinion) {
        return `/web/image/res.users/${opinion.user}/avatar_128`;
    }

    rate(line, value) {
        return line.update({ value });
    }
}

export const kamRatingSheetField = {
    component: KamRatingSheetField,
    displayName: _t("Sheet of ratings"),
    supportedTypes: ["one2many"],
    isEmpty: () => false,
    // Plain: one comment for the whole sheet instead of one a line.
    extractProps: ({ options }) => ({ plain: Boolean(options.plain) }),
    fieldDependencies: [{ name: "dimensions", type: "json", readonly: true }],
    relatedFields: [
        { name: "name", type: "char" },
        { name: "description", type: "text" },
        { name: "dimension", type: "selection" },
        { name: "anchor_1", type: "char" },
        { name: "anchor_4", type: "char" },
        { name: "anchor_7", type: "char" },
        { name: "anchor_10", type: "char" },
        { name: "value", type: "integer", readonly: false },
        { name: "comment", type: "text", readonly: false },
        { name: "share", type: "float" },
        { name: "opinions", type: "json" },
        { name: "published", type: "char" },
        { name: "effect", type: "char" },
        { name: "effect_text", type: "char" },
    ],
};

registry.category("fields").add("kam_rating_sheet", kamRatingSheetField);
