export { type DuckDb, type DuckDbOptions, type DuckDbRow, type DuckDbValue, openDuckDb, parquet } from "./duckdb";
export { exportParquet } from "./exports/export-parquet";
export { storedScores } from "./exports/stored-scores";
export {
	type ReadableFolders,
	readableFolders,
	readablePath,
	refuseLinksOut,
	refuseModelOutside,
	UPLOADS,
} from "./files";
export { importDataset, removeAbandonedImports } from "./import/import-dataset";
export {
	DEFAULT_MAX_REJECTED_SHARE,
	IMPORT_FORMATS,
	type ImportFormat,
	type ImportOptions,
	type ImportOutcome,
	type ImportProgress,
	type ImportRequest,
} from "./import/request";
export * from "./models";
export { type CheckedRanks, checkOutsideRanks, type OutsideCheck } from "./outside/check-ranks";
export { characteriseDataset } from "./profile/characteristics";
export { type DatasetCharacteristics, datasetCharacteristics } from "./profile/characteristics-schema";
export {
	KEY_FIGURES,
	type KeyFigure,
	type KeyFigureDefinition,
	type KeyFigures,
	keyFiguresOf,
	meanFigures,
	paperRatiosOf,
	ratiosTo,
} from "./profile/key-figures";
export { type DatasetProfile, datasetProfile, profileDataset } from "./profile/profile-dataset";
export { type ColumnFolders, exampleColumns } from "./slices/example-columns";
export { shippedMappings } from "./sources/mapping";
export * from "./stages";
export * from "./synthetic";
export { type Piece, UploadStore } from "./uploads";
