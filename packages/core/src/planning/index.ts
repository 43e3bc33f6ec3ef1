export * from "./effective-preset";
export * from "./methods";
export * from "./plan-run";
export * from "./preset";
export * from "./settings";
export * from "./stage-key";
export * from "./suite";
export * from "./variants";
