import { registry } from "@web/core/registry";
import { FloatField, floatField } from "@web/views/fields/float/float_field";

/**
 * A number that may be unknown: emptied, it becomes unknown again. Odoo's own field makes 0 of it.
 */
export class UnknownFloatField extends FloatField {
    parse(value) {
        return value.trim() === "" ? false : super.parse(value);
    }
}

registry.category("fields").add("kam_unknown_float", {
    ...floatField,
    component: UnknownFloatField,
});
