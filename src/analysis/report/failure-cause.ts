import type { Failure } from '../../contracts/documents/progress.ts';

const mostLines = 6;

/**
 * What a failure comes from, as far as terraform's diagnostics tell: the last lines of the first error's detail, where
 * the program that could not be started says why. Empty where there is no more than the message itself.
 */
export function failureCause({ diagnostics, message }: Pick<Failure, 'diagnostics' | 'message'>): string[] {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const detail = (errors.find((one) => one.detail.trim() !== '') ?? diagnostics[0])?.detail ?? '';
  return detail
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line.trim() !== '' && !isStackFrame(line) && !message.includes(line.trim()))
    .slice(-mostLines);
}

/** Where in a program's code it was says nothing to its user. */
function isStackFrame(line: string): boolean {
  return /^\s+at \S|^\s*\.\.\. \d+ more$/.test(line);
}

/** The cause in one line: the one that names an error, else the last. */
export function failureCauseLine(failure: Pick<Failure, 'diagnostics' | 'message'>): string | null {
  const lines = failureCause(failure);
  const line = lines.findLast((one) => /(exception|error|invalid|denied|refused|failed)\b/i.test(one));
  return (line ?? lines.at(-1))?.trim() ?? null;
}
