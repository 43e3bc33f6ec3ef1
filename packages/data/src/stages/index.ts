export type { StageContext, StageReport, StageResult, TsStageKind } from "./context";
export { runEvaluateStage } from "./evaluate";
export { storedIdTexts } from "./id-texts";
export { runMemoryStage } from "./memory";
export { runParseStage } from "./parse";
export { parseAttributes, runPromptsStage } from "./prompts";
export type { PredictionOrigin } from "./ranked-list";
export { runTsStage, type TsStageSpec, tsStages } from "./run-stage";
export { runSplitStage } from "./split";
