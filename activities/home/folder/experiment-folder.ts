import { randomUUID } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { idSchema } from '../../../src/contracts/input/ids.ts';
import { readJsonOrNull, syncToDisk, writeJsonAtomic } from '../../../src/machine/atomic-file.ts';

/** An experiment's folder on this machine: `$COMPARATOR_HOME/experiments/<id>`. */
export interface ExperimentFolder {
  path: string;
  /** The copy of the root module, in which terraform runs. */
  root: string;
  variables: string;
  backend: string;
  /** TF_DATA_DIR. */
  terraformData: string;
  /** Left by a terraform that could not reach its backend. */
  erroredState: string;
  /** Claims, journals and exit records. */
  runs: string;
  requests: string;
}

/** Where everything of an experiment lies, whether it exists or not. */
export function experimentFolderOf(
  home: string,
  experimentId: string,
  technology: string,
  target: string,
): ExperimentFolder {
  const path = join(home, 'experiments', idSchema.parse(experimentId));
  const root = join(path, 'terraform', technology, target);
  return {
    path,
    root,
    variables: join(root, 'comparator.auto.tfvars.json'),
    backend: join(path, 'backend.json'),
    terraformData: join(path, 'terraform-data'),
    erroredState: join(root, 'errored.tfstate'),
    runs: join(path, 'runs'),
    requests: join(path, 'requests'),
  };
}

/**
 * Makes the folder where it does not exist, with a copy of the technology's root and all modules: a redeploy must not
 * change what a running experiment destroys. What is there already stays as it is.
 * @param sync has a file or folder on disk
 */
export function prepareExperimentFolder(
  folder: ExperimentFolder,
  terraformSources: string,
  technology: string,
  sync: (path: string) => void = syncToDisk,
): void {
  if (existsSync(folder.root)) return;
  const temporary = join(dirname(folder.path), `.${basename(folder.path)}-${randomUUID().slice(0, 8)}`);
  for (const part of [technology, 'modules']) {
    cpSync(join(terraformSources, part), join(temporary, 'terraform', part), {
      recursive: true,
      filter: (path) => !notToCopy.test(path.slice(terraformSources.length)),
    });
  }
  for (const part of [folder.runs, folder.requests]) mkdirSync(join(temporary, basename(part)));
  try {
    // A copy is trusted for as long as it has its name: file systems may else keep that and lose what is in the files.
    for (const path of readdirSync(temporary, { recursive: true, encoding: 'utf8' }))
      sync(join(temporary, path));
    sync(temporary);
    // One step, so that nobody sees half of it; it fails where another attempt was first, whose copy is as good.
    renameSync(temporary, folder.path);
    sync(dirname(folder.path));
  } catch (error) {
    if (!existsSync(folder.path)) throw error;
    // A folder without this root is another technology's, under the same id: what it has is there to be destroyed.
    if (!existsSync(folder.root)) cpSync(temporary, folder.path, { recursive: true, force: false });
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** What working in the sources by hand leaves there, and programs, which run from the project itself. */
const notToCopy = /\/\.terraform(\/|$|\.)|\.tfvars(\.json)?$|\.tfstate|\.ts$/;

/** Ids by the run folders of a home; of files and of what else lies there nothing is an experiment's. */
export function runFolders(home: string): string[] {
  const experiments = join(home, 'experiments');
  try {
    // What begins with a dot is being made, or being removed.
    return readdirSync(experiments)
      .filter((name) => !name.startsWith('.'))
      .filter((name) => statSync(join(experiments, name), { throwIfNoEntry: false })?.isDirectory());
  } catch {
    return [];
  }
}

/** Removes the folder as one step, so that nobody sees half of it. */
export function removeExperimentFolder(folder: ExperimentFolder): void {
  const trash = join(dirname(folder.path), `.${basename(folder.path)}-removed-${randomUUID().slice(0, 8)}`);
  try {
    renameSync(folder.path, trash);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  rmSync(trash, { recursive: true, force: true, maxRetries: 3 });
}

/** Removes what a worker that was killed while it removed folders, or an hour ago and longer while it made one, has left. */
export function sweepExperimentFolders(home: string, nowEpochMs = Date.now()): void {
  const experiments = join(home, 'experiments');
  if (!existsSync(experiments)) return;
  for (const name of readdirSync(experiments)) {
    const path = join(experiments, name);
    const changed = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? nowEpochMs;
    const isRemoved = /^\..*-removed-[0-9a-f]{8}$/.test(name);
    const isHalfMade = /^\..*-[0-9a-f]{8}$/.test(name) && nowEpochMs - changed > 3_600_000;
    if (isRemoved || isHalfMade) rmSync(path, { recursive: true, force: true, maxRetries: 3 });
  }
}

const operationSchema = z.object({
  /** Whoever holds another token may start nothing. */
  token: z.string(),
  kind: z.enum(['apply', 'destroy']),
  /** Run id of the workflow. */
  workflowRunId: z.string(),
});
export type Operation = z.infer<typeof operationSchema>;

/** Takes over the experiment's infrastructure: from now on no earlier attempt can start a terraform. */
export function beginOperation(
  folder: ExperimentFolder,
  kind: Operation['kind'],
  workflowRunId: string,
): Operation {
  const operation = { token: randomUUID(), kind, workflowRunId };
  writeJsonAtomic(join(folder.path, 'operation.json'), operation);
  return operation;
}

/** The operation that may start terraform now; null when none can be read. */
export function currentOperation(folderPath: string): Operation | null {
  return readJsonOrNull(join(folderPath, 'operation.json'), operationSchema);
}
