import { delimiter } from 'node:path';
import type { Config } from '../../config.ts';
import { makeHome } from './home-folder.ts';
import { javaRequirement, mavenRequirement } from './java.ts';
import { nodeRequirement, npmPackagesRequirement } from './node.ts';
import { detectPlatform, hintFor, type Platform } from './platform.ts';
import { kafkaRequirement } from './products/kafka.ts';
import { ministackRequirement } from './products/ministack.ts';
import { natsServerRequirement } from './products/nats.ts';
import { pythonRequirement, temporalRequirement } from './python.ts';
import { type Progress, type Requirement, type RequirementState, SetupError } from './requirement.ts';
import {
  awsProviderRequirement,
  terraformRequirement,
  writeCliConfiguration,
} from './terraform/terraform.ts';

/** Everything that the comparator needs on this machine, in the order in which set-up looks at it. */
export function allRequirements(config: Config): Requirement[] {
  return [
    toolsFolderRequirement(config),
    nodeRequirement,
    npmPackagesRequirement,
    pythonRequirement(config),
    temporalRequirement(config),
    ministackRequirement(config),
    natsServerRequirement(config),
    javaRequirement,
    mavenRequirement(config),
    kafkaRequirement(config),
    terraformRequirement,
    awsProviderRequirement(config),
  ];
}

/** Java and Python take a path with their separator for two. */
function toolsFolderRequirement({ tools }: Config): Requirement {
  return {
    name: 'Tools folder',
    needs: `a path without ${delimiter}`,
    hint: { debian: 'set COMPARATOR_TOOLS to such a folder', macos: 'set COMPARATOR_TOOLS to such a folder' },
    check: async () =>
      tools.includes(delimiter)
        ? { state: 'wrong', problem: `${tools} has one, where Java and Python see two paths` }
        : { state: 'ok', version: '', note: tools },
    install: null,
  };
}

/**
 * Makes sure that everything is there: installs what is missing into `config.tools`, and writes Terraform's
 * configuration. Costs a few tenths of a second when there is nothing to do.
 * @throws SetupError that lists all that is wrong, and how to mend it on this kind of machine
 */
export async function ensureTools(
  config: Config,
  progress: Progress,
  requirements = allRequirements(config),
): Promise<void> {
  makeHome(config.home);
  const states = await Promise.all(requirements.map((requirement) => requirement.check(false)));
  const wrong = requirements.flatMap((requirement, index) => {
    const state = states[index];
    return state?.state === 'wrong' ? [describeProblem(requirement, state.problem, detectPlatform())] : [];
  });
  if (wrong.length > 0) {
    throw new SetupError(`This machine lacks what the comparator needs:\n${wrong.join('\n')}`);
  }
  for (const [index, requirement] of requirements.entries()) {
    if (states[index]?.state !== 'pending') continue;
    try {
      await requirement.install?.(progress);
    } catch (error) {
      throw unwritable(error, config) ?? error;
    }
  }
  writeCliConfiguration(config);
}

const unwritableCodes = new Set(['EACCES', 'EPERM', 'EROFS']);

/** An error of the file system as one that says what to do; null where it is another. */
function unwritable(error: unknown, { tools }: Config): SetupError | null {
  const { code = '', path = tools } = error as NodeJS.ErrnoException;
  if (!unwritableCodes.has(code)) return null;
  return new SetupError(
    `What is missing cannot be installed: this user may not change ${path} (${code}).\n` +
      `Set COMPARATOR_TOOLS to a folder of this user's own, or have the owner of ${tools} run npm start once.`,
  );
}

/** What is wrong with a requirement and how to mend it, for a person. */
function describeProblem(requirement: Requirement, problem: string, platform: Platform): string {
  const mend = requirement.hint ? `\n      ${hintFor(platform, requirement.hint)}` : '';
  return `  ${requirement.name} (${requirement.needs}): ${problem}${mend}`;
}

/** One line of `comparator doctor`, with a second one where there is something to mend. */
export function doctorLine(requirement: Requirement, state: RequirementState, platform: Platform): string {
  const mark = { ok: 'ok     ', pending: 'missing', wrong: 'WRONG  ' }[state.state];
  const name = requirement.name.padEnd(13);
  if (state.state === 'ok') {
    return `${mark}  ${name} ${state.version}${state.note ? `  (${state.note})` : ''}`;
  }
  if (state.state === 'pending') return `${mark}  ${name} ${requirement.needs}: ${state.note}`;
  const mend = requirement.hint ? `\n         ${hintFor(platform, requirement.hint)}` : '';
  return `${mark}  ${name} needs ${requirement.needs}: ${state.problem}${mend}`;
}
