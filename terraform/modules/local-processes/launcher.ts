/**
 * Starts and ends an experiment's processes on this machine, as a provisioner of terraform_data resources:
 *   launcher.ts start <record>   what to start is in COMPARATOR_LAUNCH; <record> names the process in listings
 *   launcher.ts stop-all         ends everything that was started in the run folder; safe to repeat
 * What it prints becomes terraform's messages and diagnostics.
 */
import { experimentEnvironment } from '../../../src/contracts/temporal/infrastructure-activities.ts';
import { stopAllLaunched } from '../../../src/machine/launched.ts';
import { launch } from './launch.ts';
import { launchSpecSchema } from './launch-spec.ts';

/** A variable that the comparator sets on every terraform it starts. */
function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: this terraform was not started by the comparator`);
  return value;
}

async function main(): Promise<void> {
  const [subcommand] = process.argv.slice(2);
  const runFolder = required(experimentEnvironment.runFolder);
  const experimentId = required(experimentEnvironment.experimentId);
  const startedAt = Date.now();
  const took = () => `${((Date.now() - startedAt) / 1_000).toFixed(1)} s`;
  if (subcommand === 'start') {
    const spec = launchSpecSchema.parse(JSON.parse(required(experimentEnvironment.launch)));
    const { pid } = await launch(spec, { runFolder, experimentId, environment: process.env });
    console.log(`${spec.name} is ready after ${took()} (pid ${pid})`);
  } else if (subcommand === 'stop-all') {
    await stopAllLaunched(runFolder);
    console.log(`everything started for ${experimentId} has ended after ${took()}`);
  } else {
    throw new Error(`unknown subcommand ${subcommand}; use start or stop-all`);
  }
}

main().then(
  () => process.exit(0),
  (error) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
