import { expect, test } from "@odoo/hoot";
import { queryAllAttributes, queryAllTexts } from "@odoo/hoot-dom";
import {
    contains,
    defineModels,
    fields,
    mockService,
    models,
    mountView,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { KamSatisfactionTrend } from "@kam_management/widgets/kam_satisfaction";

class Account extends models.Model {
    _name = "test.account";

    name = fields.Char();
    _records = [{ id: 1, name: "Nordwind" }];
}

defineMailModels();
defineModels([Account]);

const point = (label, index, text) => ({ label, index, text, note: "3 answers" });
const moment = (id, name, tone, word, truth = false) => ({
    id,
    name,
    tone,
    word,
    note: false,
    description: "",
    is_moment_of_truth: truth,
});

/** What the server says of an account whose satisfaction is known. */
function known(changes = {}) {
    return {
        state: "known",
        may_create: true,
        is_person: false,
        domain: [["partner_id", "=", 1]],
        answers: 8,
        words: {
            index: { text: "72", tone: "mixed", word: "Mixed", note: "from 8 answers of 5 people" },
            trend: { direction: "down", text: "7 points less than 90 days ago" },
            figures: [
                { name: "nps", label: "NPS", text: "0", note: "2 answers" },
                { name: "csat", label: "CSAT", text: false, note: "no answers" },
            ],
        },
        series: {
            points: [point("Sep 26", 40, "40"), point("Oct 26", null, "unknown"), point("Nov 26", 0, "0")],
            known: 2,
            words: "Satisfaction index by month: Sep 26 40, Oct 26 unknown, Nov 26 0.",
        },
        unread: false,
        distribution: [
            {
                kind: "nps",
                label: "NPS",
                note: "2 answers",
                bars: [
                    { label: "Promoters", tone: "good", count: 2, share: 100, domain: [["value", ">", 8]] },
                    { label: "Detractors", tone: "bad", count: 0, share: 0, domain: [["value", "<=", 6]] },
                ],
            },
        ],
        verbatims: [
            {
                id: 7,
                comment: "They answer the same day",
                who: "Nuria",
                date: "11/20/2026",
                kind: "NPS",
                answer: "10",
                moment: "Delivery",
                tone: "good",
            },
        ],
        journey: [
            moment(1, "Offer", "good", "Goes well", true),
            moment(2, "Delivery", "bad", "Goes badly"),
            moment(3, "Invoice", false, "No answers"),
        ],
        ...changes,
    };
}

async function mountTab(answer) {
    const done = [];
    onRpc("res.partner", "get_kam_satisfaction", ({ args }) => {
        expect(args).toEqual([[1]]);
        return answer;
    });
    mockService("action", { doAction: (action) => done.push(action) });
    await mountView({
        type: "form",
        resModel: "test.account",
        resId: 1,
        arch: `<form><field name="name"/><widget name="kam_satisfaction"/></form>`,
    });
    return done;
}

test("figures: zero is a number, the unknown a word", async () => {
    await mountTab(known());
    expect(".kam_satisfaction_index .kam_tile_value").toHaveText("72");
    expect(".kam_satisfaction_index .kam_badge").toHaveText("Mixed");
    expect(".kam_tile[data-name=nps] .kam_tile_value").toHaveText("0");
    expect(".kam_tile[data-name=csat] .kam_tile_value").toHaveText("unknown");
    expect(".kam_satisfaction_move .fa-arrow-down").toHaveCount(1);
});

test("an index that is unknown has no colour", async () => {
    const answer = known();
    answer.words.index = { text: false, tone: false, word: false, note: "unknown: 2 answers of 1 person" };
    answer.words.trend = { direction: false, text: "no comparison with 90 days ago yet" };
    await mountTab(answer);
    expect(".kam_satisfaction_index .kam_tile_value").toHaveText("unknown");
    expect(".kam_satisfaction_index .kam_badge, .kam_satisfaction_move .fa").toHaveCount(0);
    expect(".kam_satisfaction_index .kam_tile_note").toHaveText("unknown: 2 answers of 1 person");
});

test("the line has a gap where it is unknown, and says so", async () => {
    let drawn;
    patchWithCleanup(KamSatisfactionTrend.prototype, {
        renderChart() {
            const chart = super.renderChart();
            drawn = chart.data.datasets[0];
            return chart;
        },
    });
    await mountTab(known());
    expect(drawn.data).toEqual([40, null, 0]);
    expect(drawn.spanGaps).toBe(false);
    expect(".kam_satisfaction_canvas canvas").toHaveAttribute("aria-label", /Oct 26 unknown/);
});

test("nothing known in any month: a sentence and no empty chart", async () => {
    const answer = known();
    answer.series = { points: [point("Nov 26", null, "unknown")], known: 0, words: "" };
    await mountTab(answer);
    expect("canvas").toHaveCount(0);
    expect(".kam_satisfaction").toHaveText(/Unknown in all of these months/);
});

test("the journey: a colour and a word each, grey while unknown, stars for the moments of truth", async () => {
    const done = await mountTab(known());
    expect(queryAllAttributes(".kam_journey_moment", "data-tone")).toEqual(["good", "bad", "unknown"]);
    expect(queryAllTexts(".kam_journey_word")).toEqual(["Goes well", "Goes badly", "No answers"]);
    expect(".kam_journey_moment .fa-star").toHaveCount(1);
    await contains(".kam_journey_moment[data-tone=bad]").click();
    expect(done[0].res_model).toBe("kam.satisfaction.response");
    expect(done[0].domain).toEqual([
        ["partner_id", "=", 1],
        ["touchpoint_id", "=", 2],
    ]);
});

test("bars and words lead to the answers", async () => {
    const done = await mountTab(known());
    expect(queryAllAttributes(".kam_distribution_bar", "aria-label")).toEqual(["Promoters: 2", "Detractors: 0"]);
    await contains(".kam_distribution_bar:first").click();
    expect(done[0].domain).toEqual([
        ["partner_id", "=", 1],
        ["value", ">", 8],
    ]);
    expect(".kam_verbatim").toHaveText(/They answer the same day.*Nuria.*11\/20\/2026.*Delivery.*NPS: 10/s);
    await contains(".kam_verbatim").click();
    expect(done[1].res_id).toBe(7);
});

test("empty: what to do, for who may do it", async () => {
    const nothing = { words: false, series: false, distribution: [], verbatims: [], state: "empty" };
    const done = await mountTab(known(nothing));
    expect(".kam_empty").toHaveText(/Nobody has answered yet/);
    expect(".kam_journey").toHaveCount(0);
    await contains(".kam_empty button").click();
    expect(done[0].context).toEqual({ default_partner_id: 1 });
});

test("hidden: it says to whom it is shown, and offers nothing", async () => {
    await mountTab(
        known({ words: false, series: false, distribution: [], verbatims: [], state: "hidden", may_create: false })
    );
    expect(".kam_empty").toHaveText(/those who look after the account/);
    expect(".kam_satisfaction button").toHaveCount(0);
});
