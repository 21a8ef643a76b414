/**
 * What a review decides on each objective: keep, change or drop, with one tap each. Change asks for the new deadline or
 * target, drop for a reason; both beside the tap, so that a phone is enough.
 */
import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { DateTimeField } from "@web/views/fields/datetime/datetime_field";
import { TextField } from "@web/views/fields/text/text_field";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { UnknownFloatField } from "./unknown_float_field";

const TONES = { on_track: "kam_tone_good", at_risk: "kam_tone_warn", off_track: "kam_tone_bad" };

export class KamReviewObjectivesField extends Component {
    static template = "kam_management.ReviewObjectivesField";
    static components = { DateTimeField, TextField, UnknownFloatField };
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
        this.reasonPlaceholder = _t("Why is it dropped?");
    }

    get rows() {
        return this.props.record.data[this.props.name].records;
    }

    get choices() {
        return [
            { value: "keep", label: _t("Keep"), icon: "fa-check" },
            { value: "change", label: _t("Change"), icon: "fa-pencil" },
            { value: "drop", label: _t("Drop"), icon: "fa-times" },
        ];
    }

    facts(row) {
        return row.data.facts || {};
    }

    tone(row) {
        return TONES[this.facts(row).health] || "kam_tone_plain";
    }

    choose(row, decision) {
        // A second tap takes it back.
        return row.update({ decision: row.data.decision === decision ? false : decision });
    }

    async open(row) {
        if (await this.props.record.save()) {
            return this.action.doAction({
                type: "ir.actions.act_window",
                res_model: "kam.objective",
                res_id: row.data.objective_id.id,
                views: [[false, "form"]],
            });
        }
    }
}

registry.category("fields").add("kam_review_objectives", {
    component: KamReviewObjectivesField,
    displayName: _t("Objectives of a review"),
    supportedTypes: ["one2many"],
    isEmpty: () => false,
    relatedFields: [
        { name: "objective_id", type: "many2one", relation: "kam.objective" },
        { name: "facts", type: "json" },
        {
            name: "decision",
            type: "selection",
            readonly: false,
            selection: [
                ["keep", ""],
                ["change", ""],
                ["drop", ""],
            ],
        },
        { name: "new_deadline", type: "date", readonly: false },
        { name: "new_target", type: "float", readonly: false },
        { name: "reason", type: "text", readonly: false },
    ],
});
