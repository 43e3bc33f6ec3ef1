export { type CopyRow, type CopyTarget, type CopyValue, copyInto } from "./copy-into";
export { createDatabase, createPool, type Database, inTransaction, type Pool, type PoolClient } from "./database";
export { indexEmbeddings, type Neighbour, nearestQueries } from "./embeddings";
export * from "./generated/client";
export { type Listener, listen, notify } from "./listen";
export { isPassing } from "./passing-errors";
export { transaction } from "./transaction";
