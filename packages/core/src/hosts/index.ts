export * from "./host";
export * from "./needs";
