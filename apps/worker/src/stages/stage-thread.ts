import { runTsStage, type TsStageKind, type TsStageSpec } from "@atelier/data";
import { serveOrders } from "../threads/serve-orders";

export interface StageOrder {
	kind: TsStageKind;
	spec: Omit<TsStageSpec, "signal">;
}

serveOrders<StageOrder>(({ kind, spec }, { signal }) => runTsStage(kind, { ...spec, signal }));
