// A thread's first module must be JavaScript: tsx loads the TypeScript from here, however the process was started.
import { tsImport } from "tsx/esm/api";

await tsImport("./sample-thread.ts", import.meta.url);
