import { registry } from "@web/core/registry";
import { FloatField, floatField } from "@web/views/fields/float/float_field";

/**
 * Entry of a number that may be unknown: emptied, it becomes unknown again, where Odoo's own field makes 0 of it. What
 * stands in the empty input is the view's `placeholder`.
 */
export class UnknownFloatField extends FloatField {
    static template = "kam_management.UnknownFloatField";
    static props = { ...FloatField.props, placeholder: { type: String, optional: true } };

    parse(value) {
        return value.trim() === "" ? false : super.parse(value);
    }
}

registry.category("fields").add("kam_unknown_float", {
    ...floatField,
    component: UnknownFloatField,
    extractProps: (fieldInfo, dynamicInfo) => ({
        ...floatField.extractProps(fieldInfo, dynamicInfo),
        placeholder: fieldInfo.attrs.placeholder,
    }),
});
