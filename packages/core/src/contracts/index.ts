export * from "./baseline-params";
export * from "./environment";
export * from "./event";
export * from "./manifest";
export * from "./receipt";
export * from "./stage-params";
export * from "./stage-spec";
export * from "./stored-file";
