import { router } from "../../trpc";
import { add } from "./add";
import { drain } from "./drain";
import { get } from "./get";
import { list } from "./list";
import { probe } from "./probe";
import { remove } from "./remove";
import { resume } from "./resume";
import { set } from "./set";

export const hosts = router({ list, get, add, probe, drain, resume, remove, set });
