import { join } from 'node:path';
import { type Config, projectRoot } from '../../../config.ts';
import { environmentProgram, environmentRequirement } from '../python.ts';
import type { Requirement } from '../requirement.ts';
import { run } from '../run-tool.ts';
import { pinned } from '../versions.ts';

export interface MinistackPaths {
  /** The Python that has the AWS emulator, and the program that serves it to this home only. */
  ministackPython: string;
  ministackDoor: string;
}

export function ministackPaths(config: Config): MinistackPaths {
  return {
    ministackPython: environmentProgram(config, 'python'),
    ministackDoor: join(projectRoot, 'src', 'stack', 'setup', 'products', 'ministack', 'serve.py'),
  };
}

/** The AWS emulator. */
export function ministackRequirement(config: Config): Requirement {
  return environmentRequirement(config, 'MiniStack', pinned.ministack, async () => {
    const script = 'import ministack.app, importlib.metadata as m; print(m.version("ministack"))';
    const { ok, output } = await run(ministackPaths(config).ministackPython, ['-c', script]);
    return ok ? output.trim() : `does not run: ${output}`;
  });
}
