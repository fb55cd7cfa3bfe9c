import { driverModules } from '../../../loadgen/drivers/registry.ts';
import { Session } from '../../../loadgen/session/session.ts';
import type { Workload } from '../../../src/contracts/input/workload.ts';
import { type TechnologyId, technologyCard } from '../../../src/technologies/registry.ts';

/**
 * A session of one load generator with every producer and consumer of the workload; with `consume` false, producers only.
 * Settings that are left out have their defaults.
 */
export function sessionOf(options: {
  technology: TechnologyId;
  experimentId: string;
  settings: object;
  endpoint: Record<string, unknown>;
  workload: Workload;
  consume?: boolean;
}): Session {
  const { technology, experimentId, settings, endpoint, workload, consume = true } = options;
  const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);
  return new Session(
    {
      experimentId,
      runId: 'run',
      session: 1,
      generator: 0,
      technology,
      settings: technologyCard(technology).settings.parse(settings) as Record<string, unknown>,
      endpoint,
      workload,
      producers: numbers(workload.producers),
      consumers: consume ? numbers(workload.consumers) : [],
    },
    driverModules[technology],
  );
}
