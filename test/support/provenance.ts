import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { projectRoot } from '../../src/config.ts';

/**
 * When, on which code and on which machine something was measured, in one line.
 * @example '2026-11-25T16:13:24Z, commit 27a01d2, 2 × AMD EPYC, 23 GiB, Node 24.21.0'
 */
export function provenanceLine(): string {
  const processors = cpus();
  return [
    new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
    commitName(),
    `${processors.length} × ${processors[0]?.model.trim() || 'unknown CPU'}`,
    `${Math.round(totalmem() / 2 ** 30)} GiB`,
    `Node ${process.versions.node}`,
  ].join(', ');
}

/** The code that runs; results and reports that this very run writes are no change to it. */
export function commitName(): string {
  try {
    const git = (...args: string[]) =>
      execFileSync('git', ['-C', projectRoot, ...args], { encoding: 'utf8', stdio: 'pipe' }).trim();
    const changed =
      git(
        'status',
        '--porcelain',
        '--untracked-files=no',
        '--',
        '.',
        ':!*.md',
        ':!test/faults/verdicts.jsonl',
      ) !== '';
    return `commit ${git('rev-parse', '--short=7', 'HEAD')}${changed ? ' with changes' : ''}`;
  } catch {
    return 'not a git checkout';
  }
}
