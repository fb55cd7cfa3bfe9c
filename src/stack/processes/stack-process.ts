import type { ProcessIdentity } from '../../contracts/storage/process.ts';
import type { DetachedCommand } from '../../machine/start.ts';

/** The processes of the embedded stack, in the order in which they start. */
export const processNames = ['aws', 'temporal', 'worker', 'api'] as const;
export type ProcessName = (typeof processNames)[number];

/** The order in which they stop: nobody loses what it still needs. */
export const stopOrder: readonly ProcessName[] = ['api', 'worker', 'temporal', 'aws'];

/** How one process of the stack is started, watched and stopped. */
export interface StackProcess {
  name: ProcessName;
  command: DetachedCommand;
  /** Whether this very process serves, asked again and again; errors mean no. */
  isReady(identity: ProcessIdentity, startedAtEpochMs: number): Promise<boolean>;
  readyTimeoutMs: number;
  /** How long it may take to end after SIGTERM. */
  stopGraceMs: number;
}

/** Time to end after SIGTERM, also for what a killed stack left behind. */
export const stopGraceMs: Record<ProcessName, number> = {
  api: 8_000,
  worker: 25_000,
  temporal: 10_000,
  aws: 10_000,
};
