import { z } from 'zod';

const relativePath = z
  .string()
  .regex(/^[a-z0-9][a-zA-Z0-9._-]*(\/[a-z0-9][a-zA-Z0-9._-]*)*$/, 'must be a path below the run folder');

/** What a launcher is to start; the module writes it, as JSON, into one environment variable. */
export const launchSpecSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]+$/),
  command: z.string().min(1),
  args: z.array(z.string()),
  /** The process's environment, beside what the launcher adds and `inherit`. */
  environment: z.record(z.string(), z.string()),
  /** Variables handed on from the launcher's own environment where it has them: what must not lie in the state. */
  inherit: z.array(z.string()),
  /** Below the run folder; made empty before each start. */
  folders: z.array(relativePath),
  /** Written before each start, below the run folder. */
  files: z.array(z.strictObject({ path: relativePath, content: z.string() })),
  /** Run to their end, one after another, before the process starts. */
  prepare: z.array(z.strictObject({ command: z.string().min(1), args: z.array(z.string()) })),
  ready: z.discriminatedUnion('by', [
    z.strictObject({ by: z.literal('tcp'), port: z.int().min(1).max(65_535) }),
    z.strictObject({ by: z.literal('file'), path: relativePath }),
  ]),
  timeoutSeconds: z.number().positive(),
});
export type LaunchSpec = z.infer<typeof launchSpecSchema>;
