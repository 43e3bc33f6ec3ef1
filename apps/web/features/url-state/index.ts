export * from "./fields";
export * from "./use-url-state";
