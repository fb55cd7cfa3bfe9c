import type { FieldError } from '../../contracts/input/problem.ts';
import { UserError } from '../../user-error.ts';
import { FileFaultsError } from './file-faults.ts';
import { readText } from './read-text.ts';
import { readYaml } from './read-yaml.ts';

/** A file that a variable of the environment names. */
export interface SettingsFile {
  path: string;
  variable: string;
  /** What it holds, which is also the topic of `comparator explain` that tells its fields. */
  topic: string;
}

/**
 * Reads a file of settings, in YAML or JSON.
 * @param contentOf makes of its document what it says, or tells what is wrong with it
 * @param refusal the error that says what to mend
 */
export function readSettingsFile<Value extends object>(
  { path, variable, topic }: SettingsFile,
  contentOf: (document: unknown) => Value | { faults: FieldError[] },
  refusal: (message: string) => UserError,
): Value {
  try {
    const { value, faultsOf } = readYaml(readText(path), path);
    const answer = contentOf(value);
    if (!('faults' in answer)) return answer;
    throw new FileFaultsError(path, faultsOf(answer.faults));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const lines = error.message.split('\n').map((line) => `  ${line}`);
    throw refusal(
      [
        `The ${topic} of ${variable} cannot be used:`,
        ...lines,
        `comparator explain ${topic} says what the file can have.`,
      ].join('\n'),
    );
  }
}
