import { randomUUID } from 'node:crypto';
import { validPart } from '../../../src/contracts/documents/stored.ts';
import { workloadSchema } from '../../../src/contracts/input/workload.ts';
import { technologyCard } from '../../../src/technologies/registry.ts';
import type { RootDependencies } from '../dependencies.ts';
import type { ExperimentContext } from '../experiment-context.ts';
import { remoteVariables, terraformVariables } from '../folder/variables.ts';

/** Content of the tfvars file; the token is new, so that an apply replaces every process. */
export function variablesOf(
  deps: RootDependencies,
  { ref, folder, placement, entryContext }: ExperimentContext,
  ports: number[],
): Record<string, unknown> {
  const { spec } = ref;
  // A spec that an earlier version accepted says nothing of them.
  const number = workloadSchema.shape.generators.parse(spec.workload.generators);
  const own = placement.variables(entryContext, ports);
  if (placement.generators) {
    const place = {
      number,
      temporalAddress: deps.temporal.address,
      temporalNamespace: deps.temporal.namespace,
      resultsBucket: deps.store.bucket,
    };
    return remoteVariables(
      { experimentId: ref.experimentId, settings: spec.settings },
      placement.generators(entryContext, place),
      own,
    );
  }
  return terraformVariables(
    {
      experimentId: ref.experimentId,
      settings: spec.settings,
      launcher: {
        node: deps.node,
        projectFolder: deps.projectFolder,
        runFolder: folder.path,
        launchToken: randomUUID(),
      },
      generators: {
        number,
        entry: deps.generatorEntry,
        temporalAddress: deps.temporal.address,
        temporalNamespace: deps.temporal.namespace,
        resultsBucket: deps.store.bucket,
        region: deps.aws.region,
        endpointUrl: deps.aws.endpointUrl,
      },
    },
    own,
  );
}

/** Variables for a destroy of which no apply has left any: whatever the spec has, ports that nothing will listen on. */
export function destroyVariablesOf(
  deps: RootDependencies,
  { ref, entryContext, ...context }: ExperimentContext,
): Record<string, unknown> {
  const card = technologyCard(ref.spec.technology);
  const settings = validPart(card.settings, ref.spec.settings) ?? card.settings.parse({});
  const generators = validPart(workloadSchema.shape.generators, ref.spec.workload?.generators) ?? 1;
  const workload = { ...ref.spec.workload, generators };
  const spec = { ...ref.spec, settings: settings as Record<string, unknown>, workload };
  const ports = Array.from({ length: context.placement.portsNeeded(spec) }, (_, index) => 20_000 + index);
  const readable = { ...context, ref: { ...ref, spec }, entryContext: { ...entryContext, spec } };
  return variablesOf(deps, readable, ports);
}
