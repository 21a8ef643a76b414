import { registry } from "@web/core/registry";

const state = (name) => ({
    content: name,
    trigger: `.o_statusbar_status .o_arrow_button_current:contains('${name}')`,
});

// Starts on the alerts of my accounts: one is acknowledged, for the other the playbook is used and its outcome told.
registry.category("web_tour.tours").add("kam_alert", {
    steps: () => [
        {
            content: "what happened, in a sentence",
            trigger: ".o_data_row:contains('2 people are in touch with us')",
        },
        { content: "open it", trigger: ".o_data_row:contains('Trust goes down') td[name=rule_id]", run: "click" },
        { trigger: ".kam_alert_sentence:contains('Trust fell by 2.5 points')" },
        { content: "I have seen it", trigger: "button[name=action_acknowledge]", run: "click" },
        state("Acknowledged"),
        { content: "back to the list", trigger: ".o_back_button a, .breadcrumb-item a", run: "click" },
        { trigger: ".o_data_row:contains('Few people in touch') td[name=rule_id]", run: "click" },
        { trigger: ".kam_alert_sentence:contains('2 people')" },
        { content: "one click", trigger: "button[name=action_use_playbook]", run: "click" },
        {
            content: "made its actions, with owners and days",
            trigger: ".o_field_widget[name=action_ids] .o_data_row:contains('Call the buyer'):contains('Planned')",
        },
        { trigger: ".o_field_widget[name=action_ids] .o_data_row:contains('Ask our sponsor')" },
        {
            content: "what it brought",
            trigger: ".o_field_widget[name=outcome] .o_radio_item:contains('It worked') input",
            run: "click",
        },
        { trigger: ".o_field_widget[name=note] textarea", run: "edit They had missed us" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved" },
    ],
});
