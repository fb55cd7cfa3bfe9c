import type { ProcessIdentity } from '../contracts/process.ts';
import type { DetachedCommand } from '../process/start.ts';

/** The processes of the embedded stack, in the order in which they start. */
export const partNames = ['aws', 'temporal', 'worker', 'api'] as const;
export type PartName = (typeof partNames)[number];

/** The order in which they stop: nobody loses what it still needs. */
export const stopOrder: readonly PartName[] = ['api', 'worker', 'temporal', 'aws'];

/** How one process of the stack is started, watched and stopped. */
export interface PartDefinition {
  name: PartName;
  command: DetachedCommand;
  /** Whether this very process serves, asked again and again; errors mean no. */
  isReady(identity: ProcessIdentity, startedAtEpochMs: number): Promise<boolean>;
  readyTimeoutMs: number;
  /** How long it may take to end after SIGTERM. */
  stopGraceMs: number;
}

/** Time to end after SIGTERM, also for what a killed stack left behind. */
export const stopGraceMs: Record<PartName, number> = {
  api: 8_000,
  worker: 25_000,
  temporal: 10_000,
  aws: 10_000,
};
