/**
 * Small marks: a key beside key accounts, the tick that proposes one, the age of scores and of opinions, HTML of the
 * server, and choices that may be unknown.
 */
import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { pick } from "@web/core/utils/objects";
import { SelectionField, selectionField } from "@web/views/fields/selection/selection_field";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { isUnknown } from "./unknown";

export class KamKeyField extends Component {
    static template = "kam_management.KeyField";
    static props = { ...standardFieldProps };
}

registry.category("fields").add("kam_key", {
    component: KamKeyField,
    displayName: _t("Key account mark"),
    supportedTypes: ["boolean"],
    listViewWidth: 20,
});

/** The tick of a key account: a click proposes a decision, and never changes the flag by itself. */
export class KamNominateField extends Component {
    static template = "kam_management.NominateField";
    static props = { ...standardFieldProps, action: String };

    async propose() {
        const { record, action } = this.props;
        await this.env.onClickViewButton({
            clickParams: { name: action, type: "object" },
            getResParams: () =>
                pick(record, "context", "evalContext", "resModel", "resId", "resIds"),
        });
    }
}

registry.category("fields").add("kam_nominate", {
    component: KamNominateField,
    displayName: _t("Tick that proposes"),
    supportedTypes: ["boolean"],
    isEmpty: () => false,
    extractProps: ({ options }) => ({ action: options.action }),
});

export class KamMarkField extends Component {
    static template = "kam_management.MarkField";
    static props = { ...standardFieldProps, icon: { type: String, optional: true } };
}

registry.category("fields").add("kam_mark", {
    component: KamMarkField,
    displayName: _t("Mark"),
    supportedTypes: ["boolean"],
    extractProps: ({ options }) => ({ icon: options.icon || "fa-check" }),
});

export class KamAgeField extends Component {
    static template = "kam_management.AgeField";
    static props = { ...standardFieldProps };

    get isStale() {
        return this.props.record.data.is_stale;
    }

    get text() {
        const days = this.props.record.data[this.props.name];
        if (isUnknown(days)) {
            return _t("never");
        }
        if (days <= 0) {
            return _t("today");
        }
        return days === 1 ? _t("yesterday") : _t("%s days ago", days);
    }
}

registry.category("fields").add("kam_age", {
    component: KamAgeField,
    displayName: _t("Age of scores"),
    supportedTypes: ["integer"],
    isEmpty: () => false,
    fieldDependencies: [{ name: "is_stale", type: "boolean", readonly: true }],
});

/** How long ago an opinion was given, and whether it still counts. */
export class KamOpinionAgeField extends Component {
    static template = "kam_management.OpinionAgeField";
    static props = { ...standardFieldProps };
}

registry.category("fields").add("kam_opinion_age", {
    component: KamOpinionAgeField,
    displayName: _t("Age of opinions"),
    supportedTypes: ["char"],
    listViewWidth: [190, 220],
    fieldDependencies: [{ name: "is_too_old", type: "boolean", readonly: true }],
});

/** Shows HTML of our own templates as it is, without the frame and the clean-up of an editor. */
export class KamHtmlField extends Component {
    static template = "kam_management.HtmlField";
    static props = { ...standardFieldProps };
}

registry.category("fields").add("kam_html", {
    component: KamHtmlField,
    displayName: _t("Written by the server"),
    supportedTypes: ["html"],
    isEmpty: () => false,
});

/** A choice that nobody has made yet is unknown, and says so where it is read. */
export class KamChoiceField extends SelectionField {
    static template = "kam_management.ChoiceField";

    get isUnknown() {
        return this.props.readonly && !this.props.record.data[this.props.name];
    }
}

registry.category("fields").add("kam_choice", {
    ...selectionField,
    component: KamChoiceField,
    displayName: _t("Choice that may be unknown"),
    supportedTypes: ["selection"],
    isEmpty: () => false,
});
