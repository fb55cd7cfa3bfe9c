import {
  type ActivityInterfaceFor,
  type ActivityOptions,
  proxyActivities as proxyOfSdk,
} from '@temporalio/workflow';
import type { ControlActivities, ReaperActivities } from '../src/contracts/temporal/control-activities.ts';
import type { InfrastructureActivities } from '../src/contracts/temporal/infrastructure-activities.ts';
import type { LoadGeneratorActivities } from '../src/contracts/temporal/loadgen-activities.ts';

type Activities = ControlActivities & ReaperActivities & InfrastructureActivities & LoadGeneratorActivities;

/** What Temporal's Web UI says of each activity, in a history and under Pending Activities. */
const summaries: Record<keyof Activities, string> = {
  acceptExperiment: 'Checks the input and records the experiment',
  whichHome: 'Whose home works on it now',
  awaitQuiet: 'Waits while another experiment is measured',
  recordExperiment: 'Writes the experiment down as it is now',
  requestSlot: 'Asks the run queue for a turn',
  releaseSlot: 'Gives the turn back',
  checkSlot: 'Whether it is this run’s turn',
  findHolders: 'Who holds a slot already, or waits',
  inspectHolder: 'Whether a holder’s slot can be given to another',
  assembleResult: 'Merges what was measured into the result',
  judgeProbe: 'Whether the rate was sustained, and what to try next',
  acceptComparison: 'Checks the input and records the comparison',
  recordComparison: 'Writes the comparison down as it is now',
  recordVariants: 'Writes down what has changed of the comparison',
  findLeft: 'Whether an earlier run of this id left anything',
  cancelAgain: 'Has Temporal take this run for cancelled, as the one before',
  settleExperiment: 'Waits until what an earlier run left has closed',
  endExpired: 'Asks those to end whose infrastructure may stand no longer',
  findOrphans: 'Looks for what is left without a running workflow',
  isOrphan: 'Whether its workflow still does not run',
  destroyOrphan: 'terraform destroy, as long as that run is the latest and closed',
  closeOrphan: 'Closes its record and gives its slot back',
  reportOrphans: 'Writes down what could not be destroyed',
  provision: 'terraform apply',
  ownsInfrastructure: 'Whether all that was made lives, and is this run’s',
  destroy: 'terraform destroy, until nothing is left',
  inventory: 'What is alive',
  openSession: 'The load generator connects and warms up',
  produce: 'Producers run the schedule',
  consume: 'Consumers count what arrives, until all of it has',
  closeSession: 'The load generator closes its clients',
};

/** As the SDK's, with a summary for each activity. */
export function proxyActivities<A>(options: ActivityOptions): ActivityInterfaceFor<A> {
  return new Proxy({} as ActivityInterfaceFor<A>, {
    get(_target, name) {
      const summary = summaries[name as keyof Activities];
      return proxyOfSdk<Record<string, () => Promise<unknown>>>({ ...options, summary })[name as string];
    },
  });
}
