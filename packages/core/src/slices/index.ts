export * from "./attributes";
export * from "./column";
export * from "./group-examples";
export * from "./parse-slice";
export * from "./print-slice";
export * from "./ready-slices";
export * from "./select-examples";
export * from "./slice";
export { SliceError, type SliceProblem } from "./slice-error";
