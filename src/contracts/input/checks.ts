import { z } from 'zod';
import { explainIssue } from './explain-issue.ts';
import { mostMessages, searchOf } from './load/schedule.ts';
import {
  compressedHeaderBytes,
  compressiblePayloadSchema,
  loadSchema,
  stepsSeconds,
  workloadSchema,
} from './workload.ts';

/**
 * A schema that applies `schema` and a further check to the same input, so that one answer names every fault. (zod's own
 * refinements and transforms are skipped once a field is wrong.) What the check is handed is not to be trusted.
 */
export function checkedTogether<Schema extends z.ZodType>(
  schema: Schema,
  check: (input: unknown, context: z.RefinementCtx) => void,
  complete: (value: z.output<Schema>) => z.output<Schema>,
) {
  return z.unknown().transform((input, context): z.output<Schema> => {
    const parsed = schema.safeParse(input, { error: explainIssue });
    if (!parsed.success) addIssues(context, parsed.error);
    check(input, context);
    return parsed.success && context.issues.length === 0 ? complete(parsed.data) : z.NEVER;
  });
}

/** Adds what a parse found, at a path below. */
export function addIssues(context: z.RefinementCtx, error: z.ZodError, below: PropertyKey[] = []): void {
  for (const issue of error.issues) {
    context.addIssue({ ...issue, path: [...below, ...issue.path] } as Parameters<typeof context.addIssue>[0]);
  }
}

/** Checks what no single field can: whether the parts of a document's workload fit together. */
export function checkWorkload(input: unknown, context: z.RefinementCtx): void {
  const workload = workloadOf(input);
  checkGenerators(workload, context);
  checkPayload(workload, context);
  checkWarmup(workload, context);
  checkSteps(workload, context);
  checkSearch(workload, context);
  checkMessages(workload, context);
}

/** The workload of a document that may be none. */
export function workloadOf(input: unknown): unknown {
  return z.object({ workload: z.unknown() }).safeParse(input).data?.workload;
}

/** What becomes of every message is kept, three bits for each. */
function checkMessages(workload: unknown, context: z.RefinementCtx): void {
  const load = workloadSchema.safeParse(workload).data;
  if (!load) return;
  const messages = mostMessages(load);
  if (messages <= mostLedgerMessages) return;
  const most = mostLedgerMessages.toLocaleString('en-US');
  context.addIssue({
    code: 'custom',
    path: ['workload'],
    message: `comes to ${Math.round(messages).toLocaleString('en-US')} messages, and no more than ${most} can be accounted for one by one; lower the rate or the time`,
  });
}

/** What is known of each message would fill 37 GB. */
const mostLedgerMessages = 100e9;

/** Each load generator must have something to do. */
function checkGenerators(workload: unknown, context: z.RefinementCtx): void {
  const clients = clientsSchema.safeParse(workload).data;
  if (!clients) return;
  const most = Math.max(clients.producers, clients.consumers);
  if (clients.generators <= most) return;
  context.addIssue({
    code: 'custom',
    path: ['workload', 'generators'],
    message: `must be at most ${most}, the greater of producers and consumers: each load generator runs one or more`,
  });
}

const clientsSchema = workloadSchema.pick({ producers: true, consumers: true, generators: true }).loose();

/** Small messages are mostly header, which does not compress as asked. */
function checkPayload(workload: unknown, context: z.RefinementCtx): void {
  const compressed = compressedMessageSchema.safeParse(workload).data;
  if (!compressed) return;
  const { messageSizeBytes, payload } = compressed;
  const most = Math.floor(messageSizeBytes / compressedHeaderBytes);
  if (payload.compressionRatio <= most) return;
  context.addIssue({
    code: 'custom',
    path: ['workload', 'payload', 'compressionRatio'],
    message: `must be at most ${most} for messages of ${messageSizeBytes} bytes, since their headers hardly compress`,
  });
}

const compressedMessageSchema = z.object({
  messageSizeBytes: workloadSchema.shape.messageSizeBytes,
  payload: compressiblePayloadSchema,
});

/** A warm-up cannot end before it may. */
function checkWarmup(workload: unknown, context: z.RefinementCtx): void {
  const { warmupSeconds, maxWarmupSeconds } = warmupSchema.safeParse(workload).data ?? {};
  if (warmupSeconds === undefined || maxWarmupSeconds === undefined || maxWarmupSeconds >= warmupSeconds)
    return;
  context.addIssue({
    code: 'custom',
    path: ['workload', 'maxWarmupSeconds'],
    message: `must be at least warmupSeconds (${warmupSeconds}), which every warm-up lasts`,
  });
}

const warmupSchema = workloadSchema.pick({ warmupSeconds: true, maxWarmupSeconds: true }).loose();

/** Steps must load something, for a time that can be measured, which the measured time must not contradict. */
function checkSteps(workload: unknown, context: z.RefinementCtx): void {
  const { load, durationSeconds } = timedLoadSchema.safeParse(workload).data ?? {};
  if (load?.shape !== 'steps') return;
  const seconds = stepsSeconds(load);
  if (durationSeconds !== undefined && durationSeconds !== seconds) {
    context.addIssue({
      code: 'custom',
      path: ['workload', 'durationSeconds'],
      message: `is what the steps last together, ${seconds} s; leave it out, or change the steps`,
    });
  }
  const fault = (message: string) =>
    context.addIssue({ code: 'custom', path: ['workload', 'load', 'steps'], message });
  if (load.steps.every(({ messagesPerSecond }) => messagesPerSecond === 0)) {
    fault('must have a step with a rate above 0');
  }
  if (seconds < 1 || seconds > 86_400) fault(`must last 1 to 86400 s together, not ${seconds} s`);
}

/** A search must have somewhere to go, and a ladder rungs of one kind. */
function checkSearch(workload: unknown, context: z.RefinementCtx): void {
  const { load, durationSeconds } = timedLoadSchema.safeParse(workload).data ?? {};
  if (load?.shape === 'ladder' && load.ratesMessagesPerSecond && load.sharesPercent) {
    context.addIssue({
      code: 'custom',
      path: ['workload', 'load', 'sharesPercent'],
      message: 'contradicts ratesMessagesPerSecond; give either rates or shares of the capacity',
    });
  }
  const isTried = load?.shape === 'ladder' || load?.shape === 'capacity-search';
  if (isTried && durationSeconds !== undefined && durationSeconds < leastTriedSeconds) {
    context.addIssue({
      code: 'custom',
      path: ['workload', 'durationSeconds'],
      message: `must be at least ${leastTriedSeconds} for a ${load.shape}: in less nothing shows whether a backlog grows`,
    });
  }
  const search = load && searchOf(load);
  if (!search || search.maxMessagesPerSecond >= search.startMessagesPerSecond) return;
  context.addIssue({
    code: 'custom',
    path: ['workload', 'load', 'maxMessagesPerSecond'],
    message: `must be at least startMessagesPerSecond (${search.startMessagesPerSecond})`,
  });
}

/** As the seconds of a probe. */
const leastTriedSeconds = 2;

const timedLoadSchema = z.object({ load: loadSchema, durationSeconds: z.number().optional() });
