import { expect, test } from "@odoo/hoot";
import { click, edit } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import {
    clickSave,
    contains,
    defineModels,
    fields,
    makeMockEnv,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { formatKind } from "@kam_management/fields/unknown";

class Account extends models.Model {
    _name = "account.score";

    name = fields.Char();
    health = fields.Float({ aggregator: "avg" });
    share = fields.Float({ aggregator: "sum" });
    growth = fields.Float({ aggregator: "avg" });
    is_compared = fields.Boolean();
    rating = fields.Integer();
    month = fields.Date();
    potential_date = fields.Date();
    potential_age = fields.Char();
    is_potential_old = fields.Boolean();
    anchor_1 = fields.Char();
    anchor_4 = fields.Char();
    anchor_7 = fields.Char();
    anchor_10 = fields.Char();
    amount = fields.Float();
    currency_id = fields.Many2one({ relation: "res.currency" });
    band = fields.Selection({
        selection: [
            ["red", "Red"],
            ["green", "Green"],
        ],
    });
    _records = [
        {
            id: 1,
            name: "Known",
            health: 81.4,
            share: 0.126,
            growth: -4,
            is_compared: true,
            band: "green",
            rating: 3,
            amount: 60000,
            currency_id: 2,
        },
        {
            id: 2,
            name: "Zero",
            health: 0,
            share: 0,
            growth: 0,
            is_compared: true,
            band: "red",
            rating: 0,
        },
    ];
}

defineMailModels();
defineModels([Account]);

/** The mock server makes 0 of an unset number; ours sends false. */
function withUnknown() {
    onRpc("account.score", "web_search_read", async ({ parent }) => {
        const result = await parent();
        result.records.push({
            ...result.records[0],
            id: 3,
            name: "Unknown",
            health: false,
            share: false,
            growth: false,
            is_compared: false,
            band: false,
        });
        result.length += 1;
        return result;
    });
}

test("numbers are written, and the unknown in words", async () => {
    await makeMockEnv();
    expect(formatKind("score", 61.9)).toBe("62");
    expect(formatKind("score", 0)).toBe("0");
    expect(formatKind("score", false)).toBe("unknown");
    expect(formatKind("share", 0.126)).toBe("12.6%");
    expect(formatKind("share", null)).toBe("unknown");
    expect(formatKind("growth", 12)).toBe("+12%");
    expect(formatKind("growth", -4)).toBe("−4%");
    expect(formatKind("growth", -0.01)).toBe("0%");
    // 140 pallets, not 140.00
    expect(formatKind("number", 140)).toBe("140");
    expect(formatKind("number", 12.5)).toBe("12.5");
});

test("a list tells unknown, not assessed and zero apart", async () => {
    withUnknown();
    await mountView({
        type: "list",
        resModel: "account.score",
        arch: /* xml */ `
            <list>
                <field name="is_compared" column_invisible="1"/>
                <field name="name"/>
                <field name="health" widget="kam_score" options="{'assessed': 'is_compared', 'bar': True}"/>
                <field name="share" widget="kam_share"/>
                <field name="growth" widget="kam_growth"/>
                <field name="band" widget="kam_badge" options="{'kind': 'band'}"/>
            </list>`,
    });
    expect("tr:eq(1) td[name=health]").toHaveText("81");
    expect("tr:eq(1) td[name=share]").toHaveText("12.6%");
    expect("tr:eq(1) td[name=growth] .text-danger").toHaveText("−4%");
    expect("tr:eq(1) td[name=band] .kam_tone_good").toHaveText("Green");
    expect("tr:eq(2) td[name=health]").toHaveText("0");
    expect("tr:eq(3) td[name=health] .kam_unknown").toHaveText("not assessed");
    expect("tr:eq(3) td[name=share] .kam_unknown").toHaveText("unknown");
    expect("tr:eq(3) td[name=band] .kam_unknown").toHaveText("unknown");
    expect("tr:eq(3) .text-danger").toHaveCount(0);
    expect("tr:eq(3) .kam_bar_unknown").toHaveCount(1);
});

test("an amount that is written has its unit beside it", async () => {
    await mountView({
        type: "form",
        resModel: "account.score",
        resId: 1,
        arch: /* xml */ `
            <form>
                <field name="amount" widget="kam_money"/>
                <field name="health" widget="kam_unknown_float"/>
            </form>`,
    });
    expect("[name=amount] input").toHaveValue("60,000");
    expect("[name=amount] span").toHaveText("€");
    expect("[name=health] input").toHaveValue("81.4");
    expect("[name=health] span").toHaveCount(0);
});

test("an emptied number becomes unknown, and not 0", async () => {
    onRpc("account.score", "web_save", ({ args }) => {
        expect.step(args[1].health);
    });
    await mountView({
        type: "form",
        resModel: "account.score",
        resId: 1,
        arch: /* xml */ `<form><field name="health" widget="kam_number"/></form>`,
    });
    await click("[name=health] input");
    await edit("");
    await animationFrame();
    await clickSave();
    expect.verifySteps([false]);
});

test("a rating is one click, and what it means stands beside it", async () => {
    Account._records[1] = {
        ...Account._records[1],
        anchor_1: "Nobody knows us",
        anchor_4: "One of many",
        anchor_7: "Preferred",
        anchor_10: "Indispensable",
    };
    await mountView({
        type: "form",
        resModel: "account.score",
        resId: 2,
        arch: /* xml */ `<form><field name="rating" widget="kam_rating" options="{'anchors': True}"/></form>`,
    });
    expect(".kam_step_on").toHaveCount(0);
    expect(".kam_anchor_near").toHaveCount(0);
    await contains(".kam_rating_step[data-step='8']").click();
    expect(".kam_step_on").toHaveCount(8);
    expect(".kam_step_chosen").toHaveText("8");
    expect(".kam_anchor_near").toHaveText("7\nPreferred");
});

test("a month is chosen and written as a month", async () => {
    Account._records[0] = { ...Account._records[0], month: "2026-12-01" };
    onRpc("account.score", "web_save", ({ args }) => {
        expect.step(args[1].month);
    });
    await mountView({
        type: "form",
        resModel: "account.score",
        resId: 1,
        arch: /* xml */ `<form><field name="month" widget="kam_month"/></form>`,
    });
    expect("[name=month] button").toHaveText("December 2026");
    await contains("[name=month] button").click();
    expect(".o_datetime_picker .o_date_item_cell").toHaveCount(12);
    await contains(".o_datetime_picker .o_date_item_cell:eq(1)").click();
    await clickSave();
    expect.verifySteps(["2026-02-01"]);
    expect("[name=month] button").toHaveText("February 2026");
});

test("an old estimate looks old", async () => {
    Object.assign(Account._records[0], {
        potential_date: "2026-03-01",
        potential_age: "8 months ago",
        is_potential_old: true,
    });
    Object.assign(Account._records[1], {
        potential_date: "2026-11-01",
        potential_age: "21 days ago",
        is_potential_old: false,
    });
    await mountView({
        type: "list",
        resModel: "account.score",
        arch: /* xml */ `<list><field name="potential_date" widget="kam_estimate_date"/></list>`,
    });
    expect("tr:eq(1) td[name=potential_date]").toHaveText("8 months ago");
    expect("tr:eq(1) .kam_old").toHaveCount(1);
    expect("tr:eq(1) td[name=potential_date] span").toHaveAttribute(
        "title",
        "03/01/2026: older than half a year, ask again"
    );
    expect("tr:eq(2) td[name=potential_date]").toHaveText("21 days ago");
    expect("tr:eq(2) .kam_old").toHaveCount(0);
});
