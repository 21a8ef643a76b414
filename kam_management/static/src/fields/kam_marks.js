/**
 * Small marks: a key beside key accounts, the age of scores, and HTML that the server has written.
 */
import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
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
