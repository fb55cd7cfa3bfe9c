import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ExperimentSpec, experimentSchema } from '../../src/contracts/input/experiment.ts';
import { s3Keys } from '../../src/contracts/storage/s3-keys.ts';
import { findTechnology } from '../../src/technologies/registry.ts';
import type { InfrastructureDependencies } from './dependencies.ts';
import type { Recalled } from './placements/placement.ts';
import { everySubject, type Subject } from './placements/registry.ts';
import { parseStateOrNull } from './state/terraform-state.ts';

type Deps = Pick<InfrastructureDependencies, 'aws' | 'installationId' | 'clustersFile' | 'cloud'>;

/**
 * What an experiment whose record is lost must have been, as far as a destroy looks at it: its technology and target, by
 * the root in its run folder, by what has its name, or by the addresses in its Terraform state.
 * @returns null where these name none, or more than one
 */
export async function identifyExperiment(
  deps: Pick<
    InfrastructureDependencies,
    'home' | 'projectFolder' | 'store' | 'aws' | 'installationId' | 'clustersFile' | 'cloud'
  >,
  experimentId: string,
): Promise<ExperimentSpec | null> {
  const subjects = everySubject();
  const runFolder = join(deps.home, 'experiments', experimentId);
  const looks = [
    async () =>
      subjects.filter((one) => existsSync(join(runFolder, 'terraform', one.technology, one.target))),
    () => byName(deps, subjects, experimentId),
    () => byState(deps, subjects, experimentId),
  ];
  for (const look of looks) {
    const found = await look();
    if (found.length === 0) continue;
    const recalled = await Promise.all(found.map((one) => recall(deps, one, experimentId)));
    const only = likeliest(deps, recalled);
    return only ? specOf(only) : null;
  }
  return null;
}

interface Candidate extends Subject {
  account: Recalled | null;
}

/** What an account tells beside; what cannot be asked tells nothing. */
async function recall(
  { installationId, aws, clustersFile, cloud }: Deps,
  subject: Subject,
  experimentId: string,
): Promise<Candidate> {
  const installation = { installationId, ...aws, clustersFile, cloud };
  const account = await subject.placement.recall?.(installation, experimentId).catch(() => null);
  return { ...subject, account: account ?? null };
}

/**
 * The only one that it can be. Roots on AWS have network and load generators in common, and share a stream with `local`:
 * any that has the product can destroy all of it, and where the product is gone, any at all.
 */
function likeliest({ cloud }: Deps, found: Candidate[]): Candidate | null {
  const inCloud = found.filter(({ target }) => target === 'aws');
  const usable = cloud.accounts.length === 0 ? found.filter((one) => !inCloud.includes(one)) : found;
  const [only, ...others] = usable.length > 0 ? usable : found;
  if (!only || others.length === 0) return only ?? null;
  const isShared = usable.every(({ technology, target }) => target === 'aws' || technology === 'kinesis');
  if (!isShared || inCloud.length === 0) return null;
  const sure = inCloud.filter(({ account }) => account?.isSure);
  return sure[0] ?? inCloud[0] ?? null;
}

/** A destroy looks at nothing else of it. */
function specOf({ technology, target, account }: Candidate): ExperimentSpec {
  const spec = experimentSchema.parse({
    name: `${technology}, its record lost`,
    technology,
    settings: findTechnology(technology)?.settings.parse(account?.settings ?? {}),
    workload: { load: { shape: 'constant', messagesPerSecond: 1 } },
  });
  // A target may need settings that nobody knows any more.
  if (!account) return { ...spec, target };
  const { region, generators } = account;
  return { ...spec, target, region, workload: { ...spec.workload, generators } };
}

/** What cannot be listed names nothing; another look may still tell. */
async function byName(
  { installationId, aws, clustersFile, cloud }: Deps,
  subjects: Subject[],
  experimentId: string,
): Promise<Subject[]> {
  const owned = await Promise.all(
    subjects.map(async ({ placement }) => {
      const owners = await placement
        .owners?.({ installationId, ...aws, clustersFile, cloud })
        .catch((): string[] => []);
      return owners?.includes(experimentId) ?? false;
    }),
  );
  return subjects.filter((_, index) => owned[index]);
}

/** Those of whose root every address of the state can be. */
async function byState(
  { store, projectFolder }: Pick<InfrastructureDependencies, 'store' | 'projectFolder'>,
  subjects: Subject[],
  experimentId: string,
): Promise<Subject[]> {
  const text = await store.getText(s3Keys.terraformState(experimentId));
  const addresses = (text === null ? null : parseStateOrNull(text))?.addresses ?? [];
  if (addresses.length === 0) return [];
  return subjects.filter(({ technology, target }) => {
    const known = new Set(addressesOf(join(projectFolder, 'terraform', technology, target)));
    return addresses.every((address) => known.has(address.replaceAll(/\[[^\]]*\]/g, '')));
  });
}

/** Addresses, without keys, of the resources that a module and those that it calls declare. */
function addressesOf(module: string): string[] {
  const text = readdirSync(module)
    .filter((name) => name.endsWith('.tf'))
    .map((name) => readFileSync(join(module, name), 'utf8'))
    .join('\n');
  const own = [...text.matchAll(/^resource "([\w-]+)" "([\w-]+)"/gm)].map(
    ([, type, name]) => `${type}.${name}`,
  );
  const called = text.matchAll(/^module "([\w-]+)" \{\s*\n\s*source\s*=\s*"(\.[^"]+)"/gm);
  const below = [...called].flatMap(([, name, source]) =>
    addressesOf(join(module, source as string)).map((address) => `module.${name}.${address}`),
  );
  return [...own, ...below];
}
