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

function extractProps(fieldInfo, dynamicInfo) {
    return {
        ...floatField.extractProps(fieldInfo, dynamicInfo),
        // 22 pallets, not 22.00: nobody has measured the hundredths.
        trailingZeros: false,
        placeholder: fieldInfo.attrs.placeholder,
    };
}

registry.category("fields").add("kam_unknown_float", {
    ...floatField,
    component: UnknownFloatField,
    extractProps,
});

/** The same for whole numbers, such as a capacity that is not set: Odoo's own field can't be told to leave it empty. */
export class UnknownIntegerField extends UnknownFloatField {
    parse(value) {
        const number = super.parse(value);
        return number === false ? false : Math.round(number);
    }
}

registry.category("fields").add("kam_integer", {
    ...floatField,
    supportedTypes: ["integer"],
    component: UnknownIntegerField,
    extractProps: (fieldInfo, dynamicInfo) => ({
        ...extractProps(fieldInfo, dynamicInfo),
        digits: [16, 0],
    }),
});
