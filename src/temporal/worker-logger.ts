import { DefaultLogger, type LogLevel, type LogMetadata } from '@temporalio/worker';

/**
 * Logs as the SDK does, and remembers what a worker has failed with: after it, the SDK's own clean-up may fail as well,
 * and that is all that whoever runs the worker hears.
 */
export class WorkerLogger extends DefaultLogger {
  /** undefined while nothing has failed. */
  failure: unknown;

  override log(level: LogLevel, message: string, meta?: LogMetadata): void {
    if (message === 'Worker failed') this.failure ??= meta?.error;
    super.log(level, message, meta);
  }
}
