import { harmlessJson, harmlessLines } from '../analysis/report/harmless-text.ts';

/** Tells a person something that is not the command's answer; standard output stays clean for that. */
export function say(text: string): void {
  process.stderr.write(`${harmlessLines(text)}\n`);
}

/** A command's answer, for a person. */
export function print(text: string): void {
  process.stdout.write(`${harmlessLines(text)}\n`);
}

/** A command's answer, for a program. */
export function printJson(value: unknown): void {
  process.stdout.write(`${harmlessJson(value)}\n`);
}
