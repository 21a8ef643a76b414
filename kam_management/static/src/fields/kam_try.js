/**
 * The button that tries a key figure out. It asks the server through an onchange, so that what stands in the form is
 * tried and nothing is saved; the server answers by filling another field of the form.
 */
import { Component, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

export class KamTry extends Component {
    static template = "kam_management.Try";
    static props = { ...standardFieldProps };

    setup() {
        this.state = useState({ busy: false });
    }

    async onClick() {
        this.state.busy = true;
        try {
            await this.props.record.update({ [this.props.name]: true });
        } finally {
            this.state.busy = false;
        }
    }
}

registry.category("fields").add("kam_try", {
    component: KamTry,
    displayName: _t("Try it"),
    supportedTypes: ["boolean"],
});
