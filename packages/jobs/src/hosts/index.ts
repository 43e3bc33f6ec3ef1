export * from "./ask-probe";
export { gpuHours, refuseOverBudget } from "./budget";
export * from "./fence-attempts";
export * from "./host-slots";
export * from "./host-work";
export * from "./probing";
export * from "./seal";
export * from "./throughput";
