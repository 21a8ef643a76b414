/**
 * The cross analysis of an account as a grid: a row per strength and weakness, a column per opportunity and threat, of
 * all its analyses. A cell shows the strategies that link its two cards, and a click writes one.
 */
import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { FormViewDialog } from "@web/views/view_dialogs/form_view_dialog";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { IMPACTS, QUADRANTS } from "../fields/kam_dafo_board";

const KIND_OF = {
    strength: { opportunity: "fo", threat: "fa" },
    weakness: { opportunity: "do", threat: "da" },
};

export class KamCross extends Component {
    static template = "kam_management.Cross";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.impacts = IMPACTS;
        // The company that one came from; without one, the current company.
        this.company = this.props.record.context.kam_company_id || false;
        this.state = useState({ rows: [], columns: [], strategies: [], subject: false });
        onWillStart(() => this.load(this.props.record.resId));
        onWillUpdateProps(({ record }) => {
            if (record.resId !== this.account) {
                return this.load(record.resId);
            }
        });
    }

    async load(account) {
        this.account = account;
        const grid = account
            ? await this.orm.call("kam.dafo.strategy", "get_grid", [account, this.company])
            : { rows: [], columns: [], strategies: [] };
        Object.assign(this.state, grid);
    }

    get labels() {
        return {
            fo: _t("Offensive"),
            fa: _t("Defensive"),
            do: _t("Reorientation"),
            da: _t("Survival"),
            strength: _t("Strength"),
            weakness: _t("Weakness"),
            opportunity: _t("Opportunity"),
            threat: _t("Threat"),
        };
    }

    get subjects() {
        const cards = [...this.state.rows, ...this.state.columns];
        return [...new Set(cards.map(({ subject }) => subject))];
    }

    /** With a subject chosen, its own cards crossed with everything; none chosen: all. */
    shown(cards) {
        const { subject } = this.state;
        return subject ? cards.filter((card) => card.subject === subject) : cards;
    }

    get rows() {
        return this.shown(this.state.rows);
    }

    get columns() {
        return this.state.columns;
    }

    icon(card) {
        return QUADRANTS.find(({ code }) => code === card.quadrant).icon;
    }

    kind(row, column) {
        return KIND_OF[row.quadrant][column.quadrant];
    }

    at(row, column) {
        return this.state.strategies.filter(
            ({ items }) => items.includes(row.id) && items.includes(column.id)
        );
    }

    cellLabel(row, column) {
        return _t("New strategy: %(inside)s × %(outside)s", {
            inside: row.name,
            outside: column.name,
        });
    }

    toggle(subject) {
        this.state.subject = this.state.subject === subject ? false : subject;
    }

    open(strategy) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "kam.dafo.strategy",
            res_id: strategy.id,
            views: [[false, "form"]],
        });
    }

    write(row, column) {
        this.dialog.add(FormViewDialog, {
            resModel: "kam.dafo.strategy",
            title: _t("New strategy"),
            size: "lg",
            context: {
                form_view_ref: "kam_management.kam_dafo_strategy_view_form_cell",
                default_partner_id: this.account,
                ...(this.company && { default_company_id: this.company }),
                default_item_ids: [row.id, column.id],
            },
            onRecordSaved: () => this.load(this.account),
        });
    }
}

registry.category("view_widgets").add("kam_cross", { component: KamCross });
