export * from "./contracts";
export * from "./errors";
export * from "./method";
export * from "./planning";
export * from "./results";
export * from "./statistics";
export * from "./text";
export * from "./uploads";
