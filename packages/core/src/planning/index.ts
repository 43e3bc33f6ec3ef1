export * from "./methods";
export * from "./plan-run";
export * from "./preset";
export * from "./stage-key";
