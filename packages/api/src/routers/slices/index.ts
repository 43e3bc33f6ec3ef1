import { router } from "../../trpc";
import { attributes } from "./attributes";
import { check } from "./check";
import { list } from "./list";
import { remove } from "./remove";
import { save } from "./save";

export const slices = router({ attributes, check, list, save, remove });
