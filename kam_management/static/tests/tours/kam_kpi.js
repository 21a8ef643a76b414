import { registry } from "@web/core/registry";
import { choose } from "./steps";

const TAB = ".o_notebook .o_notebook_headers a[name=kam_kpis]";
const card = (name) => `.kam_kpi_card:contains('${name}')`;

// Starts on Nordwind Iberia: one KPI with a target, one that is unknown, one without a value yet.
registry.category("web_tour.tours").add("kam_kpi_board", {
    steps: () => [
        { trigger: TAB, run: "click" },
        { trigger: `${card("Sales of the tests")}:contains('900'):contains('Target'):contains('90')` },
        { content: "a word beside the colour", trigger: `${card("Sales of the tests")} [data-status=amber]:contains('Just behind')` },
        { content: "the line is told", trigger: `${card("Sales of the tests")} svg[aria-label*='700']` },
        { content: "unknown is no zero", trigger: `${card("Rate of the tests")}:contains('unknown'):contains('nothing to divide by'):not(:contains('arget'))` },
        { trigger: `${card("Visits of the tests")}:contains('next refresh')` },
        { trigger: ".kam_kpi_since:contains('120'):contains('before'):contains('100'):contains('better')" },
        { trigger: ".kam_kpi_head button[data-grain=year]", run: "click" },
        { trigger: `${card("Sales of the tests")}:contains('9,000'):contains('worse')`, run: "click" },
        { content: "its values as a graph", trigger: ".o_graph_view canvas" },
        { trigger: ".o_back_button, .breadcrumb-item:last", run: "click" },
        { trigger: TAB },
    ],
});

// Starts on Nordwind Iberia: 1,200 for 2040 evenly, then January by hand.
registry.category("web_tour.tours").add("kam_kpi_targets", {
    steps: () => [
        { trigger: TAB, run: "click" },
        { trigger: ".kam_kpi_head button[name=spread]", run: "click" },
        { trigger: ".modal [name=partner_ids]:contains('Nordwind Iberia')" },
        ...choose("kpi_id", "Sales of the tests", { root: ".modal" }),
        { trigger: ".modal [name=year] input", run: "edit 2040" },
        { trigger: ".modal [name=target] input", run: "edit 1200" },
        { content: "no season: said, and evenly is offered", trigger: ".modal [name=without_season_ids]:contains('Nordwind Iberia')" },
        { trigger: ".modal [name=how] input[data-value=even]", run: "click" },
        { trigger: ".modal:not(:has([name=without_season_ids]:contains('Nordwind Iberia')))" },
        { trigger: ".modal button[name=action_spread]", run: "click" },
        { trigger: ".o_notification:contains('Months set: 12')" },
        { trigger: "body:not(:has(.modal)) .kam_kpi_head button[name=targets]", run: "click" },
        { trigger: ".o_list_view .o_data_row:contains('January 2040') td[name=target]:contains('100')", run: "click" },
        { trigger: ".o_selected_row [name=target] input", run: "edit 150" },
        { trigger: ".o_list_button_save", run: "click" },
        { trigger: ".o_data_row:contains('January 2040') td[name=target]:contains('150')" },
        { trigger: "body:not(:has(.o_selected_row))" },
    ],
});
