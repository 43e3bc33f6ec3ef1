export * from "./paper";
