/**
 * Lists and cards in which the group of records without a class, quadrant or band has a name: the field's
 * `falsy_value_label`. Odoo heads such a group of a selection with nothing at all.
 */
import { registry } from "@web/core/registry";
import { RelationalModel } from "@web/model/relational_model/relational_model";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { ListRenderer } from "@web/views/list/list_renderer";
import { listView } from "@web/views/list/list_view";
import { unknownLabel } from "../fields/unknown";

export class KamGroup extends RelationalModel.Group {
    setup(config, data) {
        super.setup(config, data);
        if (!this.displayName) {
            this.displayName = this.groupByField.falsy_value_label || unknownLabel().toString();
        }
    }
}

export class KamRelationalModel extends RelationalModel {
    static Group = KamGroup;
}

registry.category("views").add("kam_list", { ...listView, Model: KamRelationalModel });
/**
 * For indexes that are rolled up by the worker: the mean of several of them is none of its figures, so the row of a group
 * shows no index. What can be added up is added up.
 */
export class KamSingleListRenderer extends ListRenderer {
    formatGroupAggregate(group, column) {
        const isMean = this.props.list.fields[column.name].aggregator === "avg";
        return isMean ? { value: "" } : super.formatGroupAggregate(group, column);
    }
}

registry.category("views").add("kam_list_single", {
    ...listView,
    Model: KamRelationalModel,
    Renderer: KamSingleListRenderer,
});
registry.category("views").add("kam_kanban", { ...kanbanView, Model: KamRelationalModel });
