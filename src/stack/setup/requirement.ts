import { UserError } from '../../user-error.ts';
import type { Hint } from './platform.ts';

export type RequirementState =
  /** It is there and can be used. */
  | { state: 'ok'; version: string; note?: string }
  /** It is not there yet, and set-up installs it. */
  | { state: 'pending'; note: string }
  /** A person has to do something. */
  | { state: 'wrong'; problem: string };

/** One thing that the comparator needs on the machine. */
export interface Requirement {
  name: string;
  /** The version that is pinned, or the oldest that will do, as shown to people. */
  needs: string;
  /** What to type where it is missing; null when set-up installs it. */
  hint: Hint | null;
  /** Looks whether it is there. `thorough` also checks what a quick look takes on trust. */
  check(thorough: boolean): Promise<RequirementState>;
  /** Installs it, safely beside other processes that do the same; null when only a person can. */
  install: ((progress: Progress) => Promise<void>) | null;
}

/** Called with each line that tells a person how far set-up is. */
export type Progress = (line: string) => void;

/** Set-up cannot go on; the message says what is wrong and how to mend it. */
export class SetupError extends UserError {
  override name = 'SetupError';
}
