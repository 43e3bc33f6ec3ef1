export { DuckDb, type DuckDbOptions, openDuckDb } from "./database";
export { parquet } from "./parquet";
export type { CellValue, ColumnKind, RowWriter } from "./row-writer";
export type { DuckDbRow, DuckDbValue } from "./rows";
