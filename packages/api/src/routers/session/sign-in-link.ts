import { procedure } from "../../trpc";

/** A fresh one-time link, for the command line's `sign-in`. */
export const signInLink = procedure.mutation(async ({ ctx }) => ({ url: await ctx.auth.createSignInLink() }));
