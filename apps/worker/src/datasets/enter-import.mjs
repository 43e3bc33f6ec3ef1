// A process's first module must be JavaScript, as a thread's: tsx loads the TypeScript from here.
import { tsImport } from "tsx/esm/api";

await tsImport("./import-process.ts", import.meta.url);
