import type { Outputs } from "~/trpc/client";

export type Sliced = Outputs["results"]["sliced"];
export type SliceGroup = NonNullable<Sliced["groups"]>[number];
export type SliceFigure = SliceGroup["cells"][number]["metrics"][string];
