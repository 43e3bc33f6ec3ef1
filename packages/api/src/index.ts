export { readableFolders } from "@atelier/data";
export { type Auth, createAuth } from "./auth/auth";
export { type Context, createContext, type Services } from "./context";
export { type AppRouter, appRouter, createApiCaller } from "./root";
export type { DatasetRow, DatasetStatistics } from "./rows/dataset-row";
export type { ItemRow } from "./rows/item";
export type { Recommendation } from "./rows/recommendation";
export type { RunRow } from "./rows/run-row";
export type { SequenceEvent } from "./rows/sequence";
