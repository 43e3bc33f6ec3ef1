export * from "./method-chip";
export * from "./method-marker";
export * from "./methods";
export * from "./run-name";
