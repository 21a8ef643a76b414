/**
 * A pivot in which an average over nothing but unknown numbers reads "unknown", and sorts last either way. Odoo's own
 * leaves the cell blank and sorts it as 0.
 */
import { registry } from "@web/core/registry";
import { sortBy } from "@web/core/utils/arrays";
import { PivotModel } from "@web/views/pivot/pivot_model";
import { PivotRenderer } from "@web/views/pivot/pivot_renderer";
import { pivotView } from "@web/views/pivot/pivot_view";
import { isUnknown } from "@kam_management/fields/unknown";

export class KamPivotModel extends PivotModel {
    _sortRows(sortedColumn, config) {
        super._sortRows(sortedColumn, config);
        const { groupId, measure } = sortedColumn;
        const data = config.data || this.data;
        const putUnknownLast = (tree) => {
            // The sort is stable: this only moves the unknown behind the others.
            tree.sortedKeys = sortBy(tree.sortedKeys, (key) => {
                const { values } = tree.directSubTrees.get(key).root;
                return isUnknown(this._getCellValue([values, groupId[1]], measure, { data }))
                    ? 1
                    : 0;
            });
            tree.directSubTrees.forEach(putUnknownLast);
        };
        putUnknownLast(data.rowGroupTree);
    }
}

export class KamPivotRenderer extends PivotRenderer {
    static template = "kam_management.PivotRenderer";

    isUnknownCell(cell) {
        return cell.value === false || cell.value === null;
    }
}

registry.category("views").add("kam_pivot", {
    ...pivotView,
    Model: KamPivotModel,
    Renderer: KamPivotRenderer,
});

/**
 * For indexes that are rolled up by the worker: the mean of several of them is none of its figures, so a cell shows an
 * index only where it is that of one row. What can be added up is added up.
 */
export class KamSinglePivotModel extends KamPivotModel {
    _getCellValue(groupId, measure, config) {
        const isMean = this.metaData.fields[measure]?.aggregator === "avg";
        if (isMean && config.data.counts[JSON.stringify(groupId)] > 1) {
            return undefined;
        }
        return super._getCellValue(groupId, measure, config);
    }
}

registry.category("views").add("kam_pivot_single", {
    ...pivotView,
    Model: KamSinglePivotModel,
    Renderer: KamPivotRenderer,
});
