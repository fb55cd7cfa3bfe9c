import type { ActivityInterceptorsFactory } from '@temporalio/worker';

/**
 * A line for each activity that has ended, and on every line of one the experiment that it is about: that of its workflow,
 * or the one that the reaper, the run queue or a comparison asks it about. What fails, the SDK itself logs, with its error.
 */
export const activityLog: ActivityInterceptorsFactory = (context) => {
  let experiment: string | null = null;
  return {
    inbound: {
      async execute(input, next) {
        experiment = experimentOf(input.args[0]);
        const began = performance.now();
        const answer = await next(input);
        context.log.info('activity done', { ms: Math.round(performance.now() - began) });
        return answer;
      },
    },
    outbound: {
      getLogAttributes: (attributes, next) =>
        next({ ...attributes, ...(experiment === null ? {} : { experiment }) }),
    },
  };
};

/** As inputs of activities say it. */
function experimentOf(input: unknown): string | null {
  if (typeof input !== 'object' || input === null) return null;
  const { experimentId } = input as { experimentId?: unknown };
  return typeof experimentId === 'string' ? experimentId : null;
}
