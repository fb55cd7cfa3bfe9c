import { realpathSync } from 'node:fs';
import { TaskProtection } from '../../../src/machine/container/task-protection.ts';
import { livesHere } from './leave.ts';

export interface Task {
  /** Where the container agent answers; null where this is no task of ECS. */
  agentUri: string | null;
  /** Folder of the home; there when this is called. */
  home: string;
  warn: (message: string) => void;
}

/**
 * Activities that run terraform, each under protection of the task from before it begins. What they leave running keeps it
 * protected: a broker on this machine would end with the task.
 */
export function protecting<Activities extends object>(
  activities: Activities,
  { agentUri, home, warn }: Task,
): Activities {
  if (agentUri === null) return activities;
  // One spelling: processes are found by their run folder's path.
  const realHome = realpathSync(home);
  const protection = new TaskProtection({ agentUri, isNeeded: () => livesHere(realHome), warn });
  const entries = Object.entries(activities).map(([name, activity]) => [
    name,
    (...input: unknown[]) => protection.during(() => activity(...input)),
  ]);
  return Object.fromEntries(entries);
}
