import { router } from "../../trpc";
import { begin } from "./begin";
import { discard } from "./discard";
import { isReadable } from "./is-readable";

export const uploads = router({ begin, discard, isReadable });
