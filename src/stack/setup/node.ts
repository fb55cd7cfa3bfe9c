import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../config.ts';
import type { Requirement } from './requirement.ts';
import { atLeast, isAtLeast, parseVersion } from './versions.ts';

/** The Node that runs us; the bootstrap found it. */
export const nodeRequirement: Requirement = {
  name: 'Node.js',
  needs: `>= ${atLeast.node.join('.')}`,
  hint: {
    debian: 'nvm install 24, or the packages that nodejs.org names',
    macos: 'brew install node@24',
  },
  async check() {
    const version = process.versions.node;
    return isAtLeast(parseVersion(version) ?? [], atLeast.node)
      ? { state: 'ok', version, note: process.execPath }
      : { state: 'wrong', problem: `this is Node.js ${version}` };
  },
  install: null,
};

/** What `npm ci` installs; the bootstrap did it, or we would not run. */
export const npmPackagesRequirement: Requirement = {
  name: 'npm packages',
  needs: 'package-lock.json',
  hint: { debian: 'npm ci', macos: 'npm ci', other: 'npm ci' },
  async check() {
    try {
      const installed = readFileSync(join(projectRoot, 'node_modules', '.package-lock.json'), 'utf8');
      return { state: 'ok', version: `${Object.keys(JSON.parse(installed).packages).length} packages` };
    } catch (error) {
      return { state: 'wrong', problem: `node_modules cannot be read (${(error as Error).message})` };
    }
  },
  install: null,
};
