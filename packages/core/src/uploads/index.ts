export * from "./contract";
export * from "./send-files";
