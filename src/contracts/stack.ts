import { z } from 'zod';

/** `$COMPARATOR_HOME/stack.json`: where the parts of a running embedded stack are (CONTRACT.md, "Settings"). */
export const stackSchema = z.object({
  api: z.object({ url: z.string(), pid: z.number() }),
  temporal: z.object({ address: z.string(), uiUrl: z.string(), pid: z.number() }),
  aws: z.object({ url: z.string(), pid: z.number() }),
  worker: z.object({ pid: z.number() }),
});
export type StackDescription = z.infer<typeof stackSchema>;

/** Name of the stack description inside `COMPARATOR_HOME`. */
export const stackFileName = 'stack.json';
