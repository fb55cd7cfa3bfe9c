import { DefaultLogger, type LogEntry, type LogLevel, type LogMetadata } from '@temporalio/worker';
import { pino } from 'pino';

type Write = (level: LogLevel, fields: object, message: string) => void;

/**
 * Logs a JSON document a line, as the API does; what is of an experiment says of which, and of which run. It remembers what
 * a worker has failed with: after it, the SDK's own clean-up may fail as well, and that is all that whoever runs the worker
 * hears.
 */
export class WorkerLogger extends DefaultLogger {
  /** undefined while nothing has failed. */
  failure: unknown;

  constructor(level: LogLevel, write: Write = toStandardOutput()) {
    super(level, ({ level, message, meta }: LogEntry) => write(level, fieldsOf(meta ?? {}), message));
  }

  override log(level: LogLevel, message: string, meta?: LogMetadata): void {
    if (message === 'Worker failed') this.failure ??= meta?.error;
    super.log(level, message, meta);
  }
}

function toStandardOutput(): Write {
  const log = pino({ base: { part: 'worker' }, level: 'trace' });
  return (level, fields, message) => log[levels[level]](fields, message);
}

const levels = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/** Of the SDK's fields those that tell something, by the names that we use elsewhere. */
function fieldsOf(meta: LogMetadata): Record<string, unknown> {
  const { workflowId, workflowRunId, runId, workflowType, activityType, taskToken, error, ...rest } = meta;
  const run = workflowRunId ?? runId;
  return {
    ...(workflowId ? { workflow: workflowId } : {}),
    ...(workflowType === 'experiment' ? { experiment: workflowId } : {}),
    ...(run ? { run } : {}),
    ...(activityType ? { activity: activityType } : {}),
    ...(error ? { err: error } : {}),
    ...rest,
  };
}
