// A thread's first module must be JavaScript: tsx loads the TypeScript from here, however the process was started.
import { workerData } from "node:worker_threads";
import { tsImport } from "tsx/esm/api";

await tsImport(workerData, import.meta.url);
