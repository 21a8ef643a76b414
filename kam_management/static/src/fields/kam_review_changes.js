/**
 * What changed since the last review: the few changes that matter most, and the others folded below them. A click opens
 * the record. The server ranks and words them; here they are only drawn.
 */
import { Component, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const ICONS = {
    good: "fa-arrow-circle-up kam_up",
    bad: "fa-arrow-circle-down kam_down",
    plain: "fa-circle-o text-muted",
};

export class KamReviewChangesField extends Component {
    static template = "kam_management.ReviewChangesField";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
        this.state = useState({ all: false });
    }

    get data() {
        return this.props.record.data[this.props.name] || { first: [], more: [], hidden: 0 };
    }

    get rows() {
        return this.state.all ? [...this.data.first, ...this.data.more] : this.data.first;
    }

    get fold() {
        return this.state.all ? _t("Show the most important only") : _t("%s more", this.data.more.length);
    }

    get hidden() {
        return _t("%s more that you may not read, or whose records are gone", this.data.hidden);
    }

    icon(row) {
        return ICONS[row.tone];
    }

    toggle() {
        this.state.all = !this.state.all;
    }

    async open({ model, id }) {
        // What was decided so far must not be lost on the way.
        if (await this.props.record.save()) {
            return this.action.doAction({
                type: "ir.actions.act_window",
                res_model: model,
                res_id: id,
                views: [[false, "form"]],
            });
        }
    }
}

registry.category("fields").add("kam_review_changes", {
    component: KamReviewChangesField,
    displayName: _t("Changes"),
    supportedTypes: ["json"],
    isEmpty: () => false,
});
