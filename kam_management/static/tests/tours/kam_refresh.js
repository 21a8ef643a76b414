import { registry } from "@web/core/registry";
import { openApp } from "./kam_portfolio";

registry.category("web_tour.tours").add("kam_refresh", {
    steps: () => [
        ...openApp,
        {
            trigger: "button[data-menu-xmlid='kam_management.menu_reporting']",
            run: "click",
        },
        {
            trigger: ".dropdown-item[data-menu-xmlid='kam_management.menu_refreshes']",
            run: "click",
        },
        {
            content: "a run that refused rows says so in words",
            trigger: ".o_data_row [name=state]:contains('rows refused')",
            run: "click",
        },
        { trigger: ".alert[name=kam_refused]:contains('2 rows were refused')" },
        {
            content: "why a row was refused, with the name of its account",
            trigger: ".o_data_row:contains('Big Retail') [name=reason]:contains('140')",
        },
        {
            content: "an account that is not there has its number",
            trigger: ".o_data_row:contains('2000000000') [name=reason]:contains('not among those')",
        },
        {
            content: "where the time went",
            trigger: "a[name=phases]",
            run: "click",
        },
        { trigger: ".o_notebook .tab-pane:contains('not measured')" },
        {
            content: "the scores that it changed",
            trigger: "button[name=action_open_scores]",
            run: "click",
        },
        { trigger: ".o_list_view .o_data_row:contains('Aurora Foods')" },
    ],
});
