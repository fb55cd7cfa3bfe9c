import { z } from 'zod';

/** What an attempt asks a supervisor to do. */
export const runRequestSchema = z.object({
  name: z.string(),
  /** Of the operation; a supervisor whose token is no longer the experiment's starts nothing. */
  token: z.string(),
  kind: z.enum(['apply', 'destroy']),
  workflowRunId: z.string(),
  /** The experiment's run folder, the folder of its runs, and the root module. */
  folder: z.string(),
  runs: z.string(),
  root: z.string(),
  terraform: z.string(),
  /** Arguments of each terraform command, without `-chdir`; worked through until one fails. */
  steps: z.array(z.array(z.string()).min(1)).min(1),
  /** After this long terraform gets its SIGINT. */
  limitMs: z.number().positive(),
  /** How long after its SIGINT terraform may take before it is killed. */
  patienceMs: z.number().positive(),
  /** A supervisor that comes to run later than this starts nothing: whoever asked may be gone. */
  startBeforeEpochMs: z.number(),
});
export type RunRequest = z.infer<typeof runRequestSchema>;

/** Why a supervisor did not begin. */
export const refusalSchema = z.object({ reason: z.enum(['busy', 'late', 'failed']), message: z.string() });
export type Refusal = z.infer<typeof refusalSchema>;

/** Where a request and its refusal lie. */
export function requestFiles(requests: string, name: string) {
  return { request: `${requests}/${name}.json`, refusal: `${requests}/${name}.refused.json` };
}
