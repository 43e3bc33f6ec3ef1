import { router } from "../../trpc";
import { cancel } from "./cancel";
import { fence } from "./fence";
import { follow } from "./follow";
import { get } from "./get";
import { list } from "./list";
import { logs } from "./logs";
import { metrics } from "./metrics";
import { moveUp } from "./move-up";
import { retry } from "./retry";

export const runs = router({ list, get, cancel, fence, retry, moveUp, logs, metrics, follow });
