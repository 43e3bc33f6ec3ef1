import { hostRows } from "../../rows/host-row";
import { procedure } from "../../trpc";

/** All hosts with what runs and waits on them. */
export const list = procedure.query(({ ctx }) => hostRows(ctx.db));
