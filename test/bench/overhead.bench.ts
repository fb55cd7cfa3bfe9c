/**
 * What a whole local Kafka experiment costs beyond its measured time: from submitted to closed, less warm-up, measuring,
 * drain, and a bare `terraform apply` and `destroy` of the same root on the same stack.
 */
import { join } from 'node:path';
import { execa } from 'execa';
import { ensureInstallation } from '../../activities/control/installation.ts';
import { infrastructureDependencies } from '../../activities/home/dependencies.ts';
import { experimentContext } from '../../activities/home/experiment-context.ts';
import {
  prepareExperimentFolder,
  removeExperimentFolder,
} from '../../activities/home/folder/experiment-folder.ts';
import { variablesOf } from '../../activities/home/placements/variables.ts';
import { medianOf } from '../../src/analysis/statistics/median.ts';
import type { ExperimentDetail } from '../../src/contracts/documents/api.ts';
import { experimentSchema } from '../../src/contracts/input/experiment.ts';
import { writeJsonAtomic } from '../../src/machine/atomic-file.ts';
import { findFreePorts } from '../../src/machine/free-port.ts';
import { toolPaths } from '../../src/stack/setup/tools.ts';
import { testStore } from '../support/oracles.ts';
import type { TestStack } from '../support/stack.ts';
import { startBenchStack } from './experiments.ts';
import { publish, table } from './report.ts';

const repetitions = 3;
const limitSeconds = 5;
const measuredPhases = ['warming-up', 'measuring', 'draining'];

const experiment = {
  name: 'overhead',
  technology: 'kafka',
  workload: {
    load: { shape: 'constant', messagesPerSecond: 5_000 },
    warmupSeconds: 2,
    maxWarmupSeconds: 2,
    durationSeconds: 5,
  },
};

interface Bare {
  initSeconds: number;
  applySeconds: number;
  destroySeconds: number;
}

/** Terraform as a person would run it by hand: no supervisor, no workflow. */
async function bareTerraform(stack: TestStack, round: number): Promise<Bare> {
  const { aws, temporal } = stack.stack.description;
  const { accessKeyId = '', secretAccessKey = '' } = aws;
  const store = testStore(aws);
  const deps = infrastructureDependencies({
    config: { ...stack.config, aws: { ...stack.config.aws, endpointUrl: aws.url } },
    tools: toolPaths(stack.config),
    store,
    temporal: { address: temporal.address, namespace: 'default' },
    measuredNow: async () => null,
    terraformEnded: () => {},
    installationId: (await ensureInstallation(store)).id,
  });
  deps.environment = {
    ...deps.environment,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  };
  const ref = { experimentId: `bare-${round}`, runId: 'bare', spec: experimentSchema.parse(experiment) };
  const context = experimentContext(deps, ref);
  prepareExperimentFolder(context.folder, join(deps.projectFolder, 'terraform'), ref.spec.technology);
  const ports = await findFreePorts(context.placement.portsNeeded(ref.spec));
  writeJsonAtomic(context.folder.variables, variablesOf(deps, context, ports));
  writeJsonAtomic(context.folder.backend, context.backend);
  const terraform = async (...args: string[]) => {
    const began = performance.now();
    await execa(
      deps.tools.terraform,
      [`-chdir=${context.folder.root}`, ...args, '-no-color', '-input=false'],
      {
        env: context.environment as Record<string, string>,
        extendEnv: false,
      },
    );
    return (performance.now() - began) / 1_000;
  };
  const bare = {
    initSeconds: await terraform('init', `-backend-config=${context.folder.backend}`),
    applySeconds: await terraform('apply', '-auto-approve'),
    destroySeconds: await terraform('destroy', '-auto-approve'),
  };
  removeExperimentFolder(context.folder);
  return bare;
}

function lastedSeconds({ startedAt, endedAt }: ExperimentDetail['timeline'][number]): number {
  return (Date.parse(endedAt ?? startedAt) - Date.parse(startedAt)) / 1_000;
}

function secondsOf({ timeline }: ExperimentDetail, phases: string[]): number {
  return timeline
    .filter(({ phase }) => phases.includes(phase))
    .reduce((sum, entry) => sum + lastedSeconds(entry), 0);
}

async function main(): Promise<void> {
  console.log(`Starting a stack; ${repetitions} rounds of bare terraform and a whole experiment …`);
  const stack = await startBenchStack();
  const overheads: number[] = [];
  const sections: string[] = [];
  try {
    for (let round = 1; round <= repetitions; round++) {
      const bare = await bareTerraform(stack, round);
      const id = await stack.submit(experiment);
      const detail = await stack.untilPhase(id, 'closed');
      if (detail.outcome !== 'completed')
        throw new Error(`the experiment ${detail.outcome}: ${detail.failure?.message}`);
      const total = (Date.parse(detail.endedAt ?? '') - Date.parse(detail.submittedAt)) / 1_000;
      const measured = secondsOf(detail, measuredPhases);
      const overhead = total - measured - bare.applySeconds - bare.destroySeconds;
      overheads.push(overhead);
      const seconds: [string, number][] = [
        ...detail.timeline
          .filter(({ phase }) => phase !== 'closed')
          .map((entry): [string, number] => [entry.phase, lastedSeconds(entry)]),
        ['submitted to closed', total],
        ['less warm-up, measuring, drain', measured],
        ['less bare terraform apply', bare.applySeconds],
        ['less bare terraform destroy', bare.destroySeconds],
        ['overhead', overhead],
      ];
      sections.push(
        table(
          [`round ${round}`, 's'],
          seconds.map(([what, value]) => [what, value.toFixed(2)]),
        ),
      );
      console.error(`round ${round}: ${overhead.toFixed(2)} s`);
    }
  } finally {
    await stack.end();
  }
  const median = medianOf(overheads);
  publish('overhead', {
    title: `A local Kafka experiment: ${median.toFixed(2)} s beside its measured time (at most ${limitSeconds} s is wanted)`,
    conditions: `From submitted to closed, less warm-up, measuring, drain, and a bare \`terraform apply\` and \`destroy\` of the same root on the same stack; the median of ${repetitions}.`,
    sections,
  });
}

await main();
