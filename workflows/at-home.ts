import type { ExperimentLimits } from '../src/contracts/temporal/control-activities.ts';
import { control, type Provisioning, provisioning } from './activity-proxies.ts';
import { isNotTakenUp } from './failures.ts';

/** What of an experiment says where its infrastructure is. */
interface Housed {
  id: string;
  home: string | null;
  limits: ExperimentLimits;
}

/**
 * Has something done at an experiment's home. Where nobody there takes it up, it is asked whose home it is by now: the
 * first may be lost for good, and another have taken over.
 */
export async function atHome<T>(housed: Housed, work: (home: Provisioning) => Promise<T>): Promise<T> {
  const { takeUpMs, provisionForMs } = housed.limits;
  const untilEpochMs = Date.now() + provisionForMs;
  for (;;) {
    try {
      return await work(provisioning(housed.home, takeUpMs, provisionForMs));
    } catch (error) {
      if (!isNotTakenUp(error) || Date.now() > untilEpochMs) throw error;
      await askWhichHome(housed);
    }
  }
}

/** Only of what has a home, or is new: earlier histories have no such step. */
export async function askWhichHome(housed: Housed): Promise<void> {
  const { home } = await control.whichHome({ experimentId: housed.id });
  housed.home = home ?? housed.home;
}
