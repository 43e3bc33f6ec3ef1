import { router } from "../../trpc";
import { annotate } from "./annotate";
import { cancel } from "./cancel";
import { clone } from "./clone";
import { columns } from "./columns";
import { dependents } from "./dependents";
import { fence } from "./fence";
import { follow } from "./follow";
import { get } from "./get";
import { groups } from "./groups";
import { ids } from "./ids";
import { list } from "./list";
import { logs } from "./logs";
import { metrics } from "./metrics";
import { moveUp } from "./move-up";
import { remove } from "./remove";
import { retry } from "./retry";
import { revision } from "./revision";
import { removeView, saveView, views } from "./views";

export const runs = router({
	dependents,
	...{ list, columns, groups, ids, get, cancel, fence, retry, moveUp, annotate, remove, logs, metrics, follow },
	...{ views, saveView, removeView, revision, clone },
});
