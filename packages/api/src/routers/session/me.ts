import { publicProcedure } from "../../trpc";

/** Who is signed in; null on the sign-in page. */
export const me = publicProcedure.query(({ ctx }) => ({ user: ctx.user }));
