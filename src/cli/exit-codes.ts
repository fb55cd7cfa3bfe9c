import { wrongUse } from '../user-error.ts';

/** Every exit code of the command line; scripts rely on them. */
export const exitCodes = {
  done: 0,
  failed: 1,
  wrongUse,
  requirementNotMet: 3,
  interrupted: 130,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Each in words, as the help shows them. */
export const exitCodeMeanings: Record<ExitCode, string> = {
  0: 'done; no requirement was missed',
  1: 'failed',
  2: 'wrong use or invalid input; nothing was started',
  3: 'a requirement was not met',
  130: 'interrupted',
};
