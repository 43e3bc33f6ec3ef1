import { router } from "../../trpc";
import { cancelImport } from "./cancel-import";
import { importState } from "./import-state";
import { methods } from "./methods";
import { startImport } from "./start-import";

export const outside = router({ startImport, importState, cancelImport, methods });
