export * from "./ask-slice";
export { computeSlice } from "./compute-slice";
export * from "./keep-slice";
export { FEW_USERS } from "./slice-figures";
export * from "./slice-schemas";
