import { registry } from "@web/core/registry";
import { ACCOUNT_TAB, choose } from "./steps";

// Starts on the form of Dune Market; the company has as many key accounts as it can look after.
registry.category("web_tour.tours").add("kam_nomination", {
    steps: () => [
        { content: "the tab", trigger: ACCOUNT_TAB, run: "click" },
        {
            content: "without scores it says what to do",
            trigger: ".kam_panel [name=kam_no_score]:contains('propose it as a key account')",
        },
        { content: "the tick proposes", trigger: ".kam_nominate[aria-checked=false]", run: "click" },
        {
            content: "a nomination of this customer",
            trigger: ".o_form_view .o_field_widget[name=partner_id] input:value('Dune Market')",
        },
        ...choose("tier_id", "Key"),
        ...choose("manager_id", "Tour Manager"),
        {
            trigger: ".o_field_widget[name=reason] textarea",
            run: "edit Opens the south",
        },
        { content: "propose", trigger: "button[name=action_propose]", run: "click" },
        { trigger: ".o_statusbar_status .o_arrow_button_current:contains('Proposed')" },
        {
            content: "over capacity is said before anybody decides",
            trigger: "[name=exceptions]:contains('the company can look after')",
        },
        { content: "accept", trigger: "button[name=action_open_accept]", run: "click" },
        { trigger: ".modal .alert:contains('the company can look after')" },
        {
            content: "not without a reason",
            trigger: ".modal button[name=action_confirm]:visible",
            run: "click",
        },
        { trigger: ".modal .o_field_widget[name=reason].o_field_invalid" },
        {
            trigger: ".modal .o_field_widget[name=reason] textarea",
            run: "edit Another one leaves next month",
        },
        { trigger: ".modal button[name=action_confirm]:visible", run: "click" },
        { trigger: ".o_statusbar_status .o_arrow_button_current:contains('Accepted')" },
        { content: "to the account", trigger: "button[name=action_open_account]", run: "click" },
        { trigger: ".o_form_view .o_last_breadcrumb_item:contains('Dune Market')" },
        { trigger: ACCOUNT_TAB, run: "click" },
        { content: "it is a key account", trigger: ".kam_nominate[aria-checked=true]" },
        { trigger: ".o_field_widget[name=kam_tier_id]:contains('Key')" },
        {
            content: "its scores are still to come",
            trigger: ".kam_panel [name=kam_no_score_yet]:contains('with the next refresh')",
        },
        {
            content: "its manager is in the team",
            trigger: ".o_field_widget[name=kam_member_ids] .o_data_row:contains('Tour Manager')",
        },
        { content: "hand over", trigger: "button[name=action_kam_hand_over]", run: "click" },
        ...choose("user_id", "Tour Successor", { root: ".modal" }),
        { trigger: ".modal .o_field_widget[name=opportunity_count]:contains('1')" },
        {
            trigger: ".modal .o_field_widget[name=reason] textarea",
            run: "edit Knows the region",
        },
        { trigger: ".modal button[name=action_confirm]", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        { trigger: ACCOUNT_TAB, run: "click" },
        {
            content: "the new manager, and the former one as a member",
            trigger: ".o_field_widget[name=kam_member_ids] .o_data_row:contains('Tour Successor'):contains('Key account manager')",
        },
        { trigger: ".o_field_widget[name=kam_member_ids] .o_data_row:contains('Tour Manager'):contains('Member')" },
        { trigger: ".o-mail-Message:contains('Handed over from Tour Manager to Tour Successor')" },
    ],
});
