import { expect, test } from "@odoo/hoot";
import { queryAll, queryAllTexts, queryOne } from "@odoo/hoot-dom";
import {
    contains,
    defineModels,
    fields,
    mockService,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

import { defineMailModels } from "@mail/../tests/mail_test_helpers";

const day = (id, start, end, state) => ({
    model: "kam.action",
    id,
    name: `${state} ${end}`,
    who: "Marta",
    start,
    end,
    state,
});

class Plan extends models.Model {
    _name = "plan";
    timeline = fields.Json();
    _records = [
        {
            id: 1,
            timeline: {
                start: "2026-01-01",
                end: "2026-12-31",
                today: "2026-07-02",
                lanes: [
                    { name: "Objectives", items: [day(5, "2026-01-01", "2026-07-02", "open")] },
                    {
                        name: "Actions",
                        items: [
                            day(7, "", "2026-07-02", "late"),
                            day(8, "", "2025-06-01", "done"),
                            day(9, "", "2027-06-01", "cancelled"),
                        ],
                    },
                ],
            },
        },
        { id: 2, timeline: { start: "2026-01-01", end: "2026-12-31", today: "2026-07-02", lanes: [] } },
    ];
}

defineMailModels();
defineModels([Plan]);
onRpc("has_group", () => true);

const arch = `<form><field name="timeline" widget="kam_timeline" readonly="1"/></form>`;
const style = (selector, name) => parseFloat(queryOne(selector).style[name]);

test("everything lies where its days are", async () => {
    await mountView({ type: "form", resModel: "plan", resId: 1, arch });
    expect(queryAllTexts(".kam_timeline_lane")).toEqual(["Objectives", "Actions"]);
    expect(style(".kam_timeline_bar", "left")).toBe(0);
    expect(style(".kam_timeline_bar", "width")).toBeCloseTo(50, { margin: 0.01 });
    expect(style(".kam_timeline_mark.kam_timeline_late", "left")).toBeCloseTo(50, { margin: 0.01 });
    // outside the plan: on its edge
    expect(style(".kam_timeline_mark.kam_timeline_done", "left")).toBe(0);
    expect(style(".kam_timeline_mark.kam_timeline_cancelled", "left")).toBe(100);
    expect(style(".kam_timeline_row:has(.kam_timeline_bar) .kam_timeline_today", "left")).toBeCloseTo(50, { margin: 0.01 });
    expect(queryAll(".kam_timeline_month").length).toBe(11);
    expect(queryAll(".kam_timeline_row[role=button]")[0].title).toMatch(/open 2026-07-02 · .* – .* · Marta · Still open/);
});

test("a click opens the record", async () => {
    mockService("action", {
        doAction: (action) => expect.step(`${action.res_model} ${action.res_id}`),
    });
    await mountView({ type: "form", resModel: "plan", resId: 1, arch });
    await contains(".kam_timeline_row[data-name^=late]").click();
    expect.verifySteps(["kam.action 7"]);
});

test("nothing dated yet", async () => {
    await mountView({ type: "form", resModel: "plan", resId: 2, arch });
    expect(".kam_timeline").toHaveCount(0);
    expect(".o_field_widget[name=timeline]").toHaveText(/Nothing is dated yet/);
});
