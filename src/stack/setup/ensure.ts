import type { Config } from '../../config.ts';
import { detectPlatform, hintFor, type Platform } from '../platform.ts';
import { javaPart, mavenPart } from './java.ts';
import { kafkaPart } from './kafka.ts';
import { nodePart, npmPackagesPart } from './node.ts';
import { type Part, type PartState, type Progress, SetupError } from './part.ts';
import { ministackPart, natsServerPart, pythonPart, temporalPart } from './python.ts';
import { awsProviderPart, terraformPart, writeCliConfiguration } from './terraform.ts';

/** Everything that the comparator needs on this machine, in the order in which set-up looks at it. */
export function allParts(config: Config): Part[] {
  return [
    nodePart,
    npmPackagesPart,
    pythonPart(config),
    temporalPart(config),
    ministackPart(config),
    natsServerPart(config),
    javaPart,
    mavenPart(config),
    kafkaPart(config),
    terraformPart,
    awsProviderPart(config),
  ];
}

/**
 * Makes sure that everything is there: installs what is missing into `config.tools`, and writes Terraform's
 * configuration. Costs a few tenths of a second when there is nothing to do.
 * @throws SetupError that lists all that is wrong, and how to mend it on this kind of machine
 */
export async function ensureTools(
  config: Config,
  progress: Progress,
  parts = allParts(config),
): Promise<void> {
  const states = await Promise.all(parts.map((part) => part.check(false)));
  const wrong = parts.flatMap((part, index) => {
    const state = states[index];
    return state?.state === 'wrong' ? [describeProblem(part, state.problem, detectPlatform())] : [];
  });
  if (wrong.length > 0) {
    throw new SetupError(`This machine lacks what the comparator needs:\n${wrong.join('\n')}`);
  }
  for (const [index, part] of parts.entries()) {
    if (states[index]?.state === 'pending') await part.install?.(progress);
  }
  writeCliConfiguration(config);
}

/** What is wrong with a part and how to mend it, for a person. */
export function describeProblem(part: Part, problem: string, platform: Platform): string {
  const mend = part.hint ? `\n      ${hintFor(platform, part.hint)}` : '';
  return `  ${part.name} (${part.needs}): ${problem}${mend}`;
}

/** One line of `comparator doctor`, with a second one where there is something to mend. */
export function doctorLine(part: Part, state: PartState, platform: Platform): string {
  const mark = { ok: 'ok     ', pending: 'missing', wrong: 'WRONG  ' }[state.state];
  const name = part.name.padEnd(13);
  if (state.state === 'ok') {
    return `${mark}  ${name} ${state.version}${state.note ? `  (${state.note})` : ''}`;
  }
  if (state.state === 'pending') return `${mark}  ${name} ${part.needs}: ${state.note}`;
  const mend = part.hint ? `\n         ${hintFor(platform, part.hint)}` : '';
  return `${mark}  ${name} needs ${part.needs}: ${state.problem}${mend}`;
}
