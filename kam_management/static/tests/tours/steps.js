/** Steps that several tours take. */

/** The tab Key Account on a customer's form. */
export const ACCOUNT_TAB = ".o_notebook .o_notebook_headers a[name=kam_account]";

const OTHER = ".o-autocomplete--dropdown-item:not(.o_m2o_dropdown_option)";

/** Choose the record called `text` in a field that links one; `typed` if less than its name is typed. */
export function choose(field, text, { root = ".o_form_view", typed = text } = {}) {
    const input = `${root} .o_field_widget[name=${field}] input`;
    return [
        { trigger: input, run: `edit ${typed}` },
        // Only what was typed is on offer: a search under way would open the list again.
        {
            trigger: `.o-autocomplete--dropdown-menu:not(:has(${OTHER}:not(:contains('${typed}'))))`,
        },
        { trigger: `.o-autocomplete--dropdown-item:contains('${text}')`, run: "click" },
        // What was chosen stands there before anything else is typed: the form asks the server in between.
        { trigger: `${input}:value('${text}')` },
        { trigger: "body:not(:has(.o-autocomplete--dropdown-menu))" },
    ];
}
