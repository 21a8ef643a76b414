/**
 * The five letters of an objective as marks that fill as soon as each holds, and, with `options.explain`, what each of
 * the others still asks for. The server says both: the sentences are those of the refusal.
 */
import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

export class KamSmartField extends Component {
    static template = "kam_management.SmartField";
    static props = { ...standardFieldProps, explain: { type: Boolean, optional: true } };

    get letters() {
        return this.props.record.data[this.props.name] || [];
    }

    get missing() {
        return this.letters.filter(({ missing }) => missing);
    }

    title({ label, missing }) {
        return missing ? `${label}: ${missing}` : _t("%s: holds", label);
    }
}

registry.category("fields").add("kam_smart", {
    component: KamSmartField,
    displayName: _t("Letters of an objective"),
    supportedTypes: ["json"],
    isEmpty: () => false,
    extractProps: ({ options }) => ({ explain: Boolean(options.explain) }),
});
