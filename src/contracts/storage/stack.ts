import { z } from 'zod';

/** Its process; null for a server that the user brought, which the stack neither starts nor stops. */
const pid = z.number().nullable();

/** `$COMPARATOR_HOME/stack.json`: where each process of a running embedded stack is reached; scripts read it. */
export const stackSchema = z.object({
  api: z.object({ url: z.string(), pid }),
  temporal: z.object({ address: z.string(), uiUrl: z.string().nullable(), pid }),
  /** With the keys of the embedded emulator, which answers nobody without them. */
  aws: z.object({
    url: z.string(),
    pid,
    accessKeyId: z.string().optional(),
    secretAccessKey: z.string().optional(),
  }),
  /** With Temporal's own metrics of the worker, for Prometheus. */
  worker: z.object({ pid, metricsUrl: z.string().nullable() }),
});
export type StackDescription = z.infer<typeof stackSchema>;

/** Name of the stack description inside `COMPARATOR_HOME`. */
export const stackFileName = 'stack.json';
