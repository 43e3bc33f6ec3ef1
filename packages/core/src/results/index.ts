export * from "./grid";
export * from "./paper";
export * from "./tables";
