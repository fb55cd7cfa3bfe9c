import { readFileSync } from 'node:fs';

/** The parent of a process, by its pid; 0 where there is no such process. */
export function parentOf(pid: string): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return 0;
  }
}
