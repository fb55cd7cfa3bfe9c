import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../../src/config.ts';

/** What a worker of a checkout runs: this code, that of a git ref, or this code with something changed. */
export type Version = 'this' | 'earlier' | 'patched' | 'renamed-variable' | 'nondeterministic';

/** The commit before workflows changed for the first time under histories that had to go on. */
const earlierRef = '42ebc70';

const experimentWorkflow = 'workflows/experiment/experiment.ts';
const beforeAccepting = "  enter(state, 'queued');\n";
const beforeFinishing = '  await uploadAfterDestroy(state);\n';

interface Edit {
  files: string[];
  from: string;
  to: string;
}

const workflowImport = "} from '@temporalio/workflow';\n";
const importMore: Edit = {
  files: [experimentWorkflow],
  from: workflowImport,
  to: `${workflowImport}import { patched as suitePatched, sleep as suiteSleep } from '@temporalio/workflow';\n`,
};

const edits: { readonly [version in Version]?: readonly Edit[] } = {
  // A command where histories have none, and one more where they have not come to yet.
  patched: [
    importMore,
    ...[beforeAccepting, beforeFinishing].map((from, index) => ({
      files: [experimentWorkflow],
      from,
      to: `  if (suitePatched('fault-suite-${index}')) await suiteSleep(1);\n${from}`,
    })),
  ],
  nondeterministic: [
    importMore,
    { files: [experimentWorkflow], from: beforeAccepting, to: `  await suiteSleep(1);\n${beforeAccepting}` },
  ],
  'renamed-variable': [
    {
      files: [
        'terraform/kafka/local/main.tf',
        'terraform/kafka/local/variables.tf',
        'activities/home/placements/kafka-local.ts',
      ],
      from: 'broker_ports',
      to: 'node_ports',
    },
  ],
};

/**
 * Puts a version in place of what is in the folder, as `git pull` does; what runs from there goes on with what it has read.
 * @param earlier git ref of the version `earlier`; of this session's first commit where null
 * @throws when the ref is not in this repository, or the code to change is not as expected
 */
export function deploy(folder: string, version: Version, earlier: string | null = null): void {
  const fresh = `${folder}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  if (version === 'earlier') {
    const archive = execFileSync('git', ['-C', projectRoot, 'archive', earlier ?? earlierRef], {
      maxBuffer: 256 * 1024 * 1024,
    });
    execFileSync('tar', ['-x', '-C', fresh], { input: archive });
  } else {
    for (const part of [
      'src',
      'workflows',
      'activities',
      'loadgen',
      'terraform',
      'package.json',
      'package-lock.json',
    ]) {
      cpSync(join(projectRoot, part), join(fresh, part), { recursive: true });
    }
  }
  for (const edit of edits[version] ?? []) apply(fresh, edit);
  symlinkSync(join(projectRoot, 'node_modules'), join(fresh, 'node_modules'));
  const old = `${folder}.old`;
  // What starts in between, such as a thread, finds one version or the other.
  if (existsSync(folder)) renameSync(folder, old);
  renameSync(fresh, folder);
  rmSync(old, { recursive: true, force: true });
}

function apply(folder: string, { files, from, to }: Edit): void {
  for (const file of files) {
    const text = readFileSync(join(folder, file), 'utf8');
    if (!text.includes(from)) throw new Error(`${file} no longer has ${JSON.stringify(from)}`);
    writeFileSync(join(folder, file), text.replaceAll(from, to));
  }
}
