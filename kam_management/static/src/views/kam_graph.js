/**
 * A graph in which an unknown number is a gap: no bar, a break in the line, "unknown" in the tooltip. Odoo's own
 * draws it as 0.
 */
import { registry } from "@web/core/registry";
import { GraphModel } from "@web/views/graph/graph_model";
import { GraphRenderer } from "@web/views/graph/graph_renderer";
import { graphView } from "@web/views/graph/graph_view";
import { isUnknown, unknownLabel } from "@kam_management/fields/unknown";

export class KamGraphModel extends GraphModel {
    _getData(dataPoints, forceUseAllDataPoints) {
        const result = super._getData(dataPoints, forceUseAllDataPoints);
        for (const dataset of result.datasets) {
            // Chart.js leaves null out. A place that no group fills holds 0: nothing was counted there.
            dataset.data = dataset.data.map((value) => (isUnknown(value) ? null : value));
        }
        return result;
    }

    _getLineOverlayDataset() {
        // The sum over a stack says something of counts and amounts only, not of averages.
        const { measure, measures } = this.metaData;
        const isSum = measure === "__count" || measures[measure].aggregator === "sum";
        return isSum ? super._getLineOverlayDataset() : null;
    }
}

export class KamGraphRenderer extends GraphRenderer {
    formatValue(value, allIntegers = true, formatType = "") {
        if (isUnknown(value)) {
            return unknownLabel().toString();
        }
        return super.formatValue(value, allIntegers, formatType);
    }
}

registry.category("views").add("kam_graph", {
    ...graphView,
    Model: KamGraphModel,
    Renderer: KamGraphRenderer,
});
