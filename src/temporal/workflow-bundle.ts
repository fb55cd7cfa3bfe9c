import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { bundleWorkflowCode, type Logger, type WorkflowBundle } from '@temporalio/worker';
import { writeTextAtomic } from '../machine/atomic-file.ts';

/** Bundles of other versions of the code that stay beside a new one; several clones may share a folder. */
const keptBundles = 8;

/**
 * The workflows bundled for a worker. Bundling takes seconds of processor time, at every start of a worker; a bundle is
 * kept in `folder`, under a name that is a checksum of all that can go into it.
 * @param projectRoot the folder that holds package.json and workflows/
 */
export async function workflowBundle(
  projectRoot: string,
  folder: string,
  logger: Logger,
): Promise<WorkflowBundle> {
  const file = join(folder, `${checksumOfSources(projectRoot)}.js`);
  if (existsSync(file)) return { code: readFileSync(file, 'utf8') };
  const bundle = await bundleWorkflowCode({
    workflowsPath: join(projectRoot, 'workflows', 'index.ts'),
    logger,
  });
  try {
    mkdirSync(folder, { recursive: true });
    writeTextAtomic(file, bundle.code, 0o644);
    removeOldest(folder);
  } catch (error) {
    // It is only slower without: the folder may be somebody else's.
    logger.warn(`The workflow bundle cannot be kept: ${error}`);
  }
  return bundle;
}

/** Tells one bundle's code from another's, wherever its sources lie: that stands in its source map alone. */
export function checksumOf({ code }: WorkflowBundle): string {
  const [withoutMap = ''] = code.split('//# sourceMappingURL=');
  return createHash('sha256').update(withoutMap).digest('hex').slice(0, 12);
}

/** Of our sources that workflows can import, where they lie (the source map says it), and of the packages' versions. */
function checksumOfSources(projectRoot: string): string {
  const sum = createHash('sha256').update(`${projectRoot}\0`);
  const sources = ['workflows', 'src'].flatMap((part) =>
    readdirSync(join(projectRoot, part), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.m?[jt]s$/.test(name))
      .map((name) => join(part, name))
      .sort(),
  );
  for (const name of ['package-lock.json', ...sources]) {
    const content = readFileSync(join(projectRoot, name));
    sum.update(`${name}\0${content.length}\0`).update(content);
  }
  return sum.digest('hex').slice(0, 24);
}

function removeOldest(folder: string): void {
  const bundles = readdirSync(folder)
    .filter((name) => name.endsWith('.js'))
    .map((name) => ({ name, usedMs: statSync(join(folder, name)).mtimeMs }))
    .sort((one, other) => other.usedMs - one.usedMs);
  for (const { name } of bundles.slice(keptBundles)) rmSync(join(folder, name), { force: true });
}
