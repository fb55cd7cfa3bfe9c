import { Context } from '@temporalio/activity';
import type { ConsumePart, ProducePart } from '../src/contracts/documents/load-parts.ts';
import { workloadSchema } from '../src/contracts/input/workload.ts';
import { s3Keys } from '../src/contracts/storage/s3-keys.ts';
import type {
  LoadGeneratorActivities,
  LoadPartRef,
  MeasureInput,
  SessionRef,
} from '../src/contracts/temporal/loadgen-activities.ts';
import type { ObjectStore } from '../src/storage/object-store.ts';
import { endingOf } from '../src/temporal/cancellation.ts';
import { whileHeartbeating } from '../src/temporal/heartbeat.ts';
import type { Log } from './drivers/driver.ts';
import { driverModules } from './drivers/registry.ts';
import type { ExchangeStore } from './session/exchange.ts';
import type { Measured } from './session/measurement.ts';
import { Session } from './session/session.ts';
import { SessionError } from './session-error.ts';
import { uploadPatiently } from './upload.ts';

export interface LoadGeneratorDependencies {
  store: ExchangeStore & Pick<ObjectStore, 'putJson'>;
  log: Log;
  /** Where the experiment's processes on this machine are registered; null where there are none. */
  runFolder?: string | null;
  /** What to measure of the machine before a session opens; left out, nothing is. */
  calibrate?(): Promise<unknown>;
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
  runFolder = null,
  calibrate,
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
    const session = new Session({ ...input, workload }, module, { store, log, runFolder });
    open = session;
    try {
      return await withLiveStats(session, async () => {
        // Before the session's own threads keep the machine busy.
        await calibrate?.();
        return session.open(Context.current().cancellationSignal);
      });
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
    return withLiveStats(session, async () => {
      const { part, partial } = await run(session, context.cancellationSignal);
      // One that is cancelled returns what it has measured so far.
      if (endingOf(context) === 'lost') throw context.cancellationSignal.reason;
      const cancelled = () => context.cancellationSignal.aborted;
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
    activities,
    async close() {
      await open?.close({ atOnce: true });
      open = null;
    },
  };
}

/** Heartbeats tell how far the session is. */
function withLiveStats<T>(session: Session, work: () => Promise<T>): Promise<T> {
  return whileHeartbeating(work, { details: () => session.liveStats() });
}
