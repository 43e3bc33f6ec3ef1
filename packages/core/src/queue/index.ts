export * from "./start-times";
export * from "./waiting";
