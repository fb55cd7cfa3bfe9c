import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { workloadSchema } from '../src/contracts/input/workload.ts';
import { s3Keys } from '../src/contracts/storage/s3-keys.ts';
import type {
  ConsumePart,
  LoadGeneratorActivities,
  LoadPartRef,
  MeasureInput,
  ProducePart,
  SessionRef,
} from '../src/contracts/temporal/loadgen-activities.ts';
import type { ObjectStore } from '../src/storage/object-store.ts';
import { onCancellation } from './cancellation.ts';
import type { Log } from './drivers/driver.ts';
import { driverModules } from './drivers/registry.ts';
import type { ExchangeStore } from './session/exchange.ts';
import { type Measured, Session } from './session/session.ts';
import { SessionError } from './session/session-error.ts';
import { uploadPatiently } from './upload.ts';

const heartbeatMs = 1_000;

export interface LoadGeneratorDependencies {
  store: ExchangeStore & Pick<ObjectStore, 'putJson'>;
  log: Log;
  /** URL of the module with a technology's driver; undefined where there is none. */
  driverModule?(technology: string): string | undefined;
}

/** The activities of one load generator process, and the way to end what they hold open. */
export interface LoadGenerator {
  activities: LoadGeneratorActivities;
  /** Ends every session at once. */
  close(): Promise<void>;
}

/** Makes the activities of one load generator process; it holds one open session at a time. */
export function createLoadGenerator({
  store,
  log,
  driverModule = (technology) => (driverModules as Record<string, string>)[technology],
}: LoadGeneratorDependencies): LoadGenerator {
  let open: Session | null = null;

  async function openSession(input: Parameters<LoadGeneratorActivities['openSession']>[0]) {
    if (open?.input.session === input.session) {
      throw new SessionError('already-open', `session ${input.session} was opened before; open a new one`);
    }
    const module = driverModule(input.technology);
    if (!module) throw new SessionError('open-failed', `no driver for ${JSON.stringify(input.technology)}`);
    // Of an earlier attempt that nobody waits for any more.
    await open?.close({ atOnce: true });
    // What an earlier version accepted lacks what has come since.
    const workload = workloadSchema.parse(input.workload);
    const session = new Session({ ...input, workload }, module, { store, log });
    open = session;
    try {
      return await withHeartbeats(session, () => session.open(Context.current().cancellationSignal));
    } catch (error) {
      if (open === session) open = null;
      throw error;
    }
  }

  function openedSession({ session }: SessionRef): Session {
    if (open?.input.session === session) return open;
    throw new SessionError('not-open', `session ${session} is not open in this process; open a new one`);
  }

  async function measure<Part extends ProducePart | ConsumePart>(
    input: MeasureInput,
    side: Part['kind'],
    run: (session: Session, signal: AbortSignal) => Promise<Measured<Part>>,
  ): Promise<LoadPartRef> {
    const session = openedSession(input);
    const context = Context.current();
    return withHeartbeats(session, async () => {
      const { part, partial } = await run(session, context.cancellationSignal);
      const cancelled = () => context.cancellationSignal.aborted;
      if (cancelled() && onCancellation(context.cancellationDetails) === 'give-up')
        throw context.cancellationSignal.reason;
      const partKey = s3Keys.loadPart({ ...input, id: input.experimentId, side });
      try {
        await uploadPatiently(() => store.putJson(partKey, part), log, cancelled);
      } catch (error) {
        throw new SessionError('upload-failed', `could not upload ${partKey}: ${String(error)}`, {
          cause: error,
        });
      }
      return { partKey, partial };
    });
  }

  const activities: LoadGeneratorActivities = {
    openSession,
    produce: (input) => measure(input, 'produce', (session, signal) => session.produce(input, signal)),
    consume: (input) => measure(input, 'consume', (session, signal) => session.consume(input, signal)),
    async closeSession({ session }) {
      if (open?.input.session !== session) return;
      const closing = open;
      open = null;
      await closing.close();
    },
  };
  return {
    activities: translateFailures(activities),
    async close() {
      await open?.close({ atOnce: true });
      open = null;
    },
  };
}

/** Heartbeats on a timer of its own: neither a busy thread nor an upload may be taken for a dead process. */
async function withHeartbeats<T>(session: Session, work: () => Promise<T>): Promise<T> {
  const context = Context.current();
  const beat = () => context.heartbeat(session.liveStats());
  beat();
  const timer = setInterval(beat, heartbeatMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

/** A session that failed once is of no more use, so Temporal must not retry on it. */
function translateFailures(activities: LoadGeneratorActivities): LoadGeneratorActivities {
  const translated =
    <Input, Output>(activity: (input: Input) => Promise<Output>) =>
    async (input: Input) => {
      try {
        return await activity(input);
      } catch (error) {
        if (!(error instanceof SessionError)) throw error;
        throw ApplicationFailure.create({
          message: error.message,
          type: error.type,
          nonRetryable: true,
          cause: error,
        });
      }
    };
  return {
    openSession: translated(activities.openSession),
    produce: translated(activities.produce),
    consume: translated(activities.consume),
    closeSession: translated(activities.closeSession),
  };
}
