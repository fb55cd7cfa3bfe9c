import { harmlessJson, harmlessLines } from '../analysis/report/harmless-text.ts';
import { exitCodes } from './exit-codes.ts';
import { whyUnwritable } from './write-out.ts';

// Whoever reads may have seen enough, as `| head` has, or his terminal is closed: a command goes on to its end all the
// same, or cleans up, and its exit code counts.
const noReader = new Set(['EPIPE', 'EIO']);
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (!noReader.has(error.code ?? '')) tellUnwritten(error, stream);
  });
}

let isUnwritten = false;

/** What was asked for is not there, however well the command itself ends. */
function tellUnwritten(error: NodeJS.ErrnoException, stream: NodeJS.WriteStream): void {
  if (isUnwritten) return;
  isUnwritten = true;
  process.once('exit', () => {
    process.exitCode ||= exitCodes.failed;
  });
  if (stream === process.stdout) {
    say(`Standard output cannot be written: ${whyUnwritable(error, 'standard output')}`);
  }
}

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
