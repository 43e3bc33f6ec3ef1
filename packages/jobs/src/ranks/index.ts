export * from "./keep-columns";
export * from "./keep-ranks";
export * from "./read-columns";
export * from "./read-ranks";
