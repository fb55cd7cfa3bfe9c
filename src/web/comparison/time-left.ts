import { formatDuration } from '../../analysis/report/format.ts';
import type { ComparisonDetail } from '../../contracts/documents/api.ts';
import { hasEnded } from './states-of-runs.ts';

type Given = Pick<ComparisonDetail, 'startedAt'> & {
  variants: readonly Pick<ComparisonDetail['variants'][number], 'state' | 'timeline'>[];
};

/**
 * How long a comparison still takes, ms, if its experiments take as long as those that have ended did, the waits for
 * their turns included; null before the first has ended.
 */
export function msLeft({ startedAt, variants }: Given, now: number): number | null {
  // One that needs a person keeps no other from running.
  const over = variants.filter(({ state }) => hasEnded(state) || state === 'needs-operator').length;
  if (startedAt === null || over === 0) return null;
  const running = variants.find(({ state }) => state === 'running');
  const [first] = running?.timeline ?? [];
  const ofRunning = first ? now - Date.parse(first.startedAt) : 0;
  const each = Math.max(0, now - Date.parse(startedAt) - ofRunning) / over;
  const behind = variants.length - over - (running ? 1 : 0);
  return each * behind + (running ? Math.max(0, each - ofRunning) : 0);
}

/** How long it still takes, in words, of whole seconds; what takes longer than what came before it is said to, for no time is known. */
export function leftInWords(detail: Given, now: number): string {
  const left = msLeft(detail, now);
  if (left === null) return '';
  if (left < 1_000) return ', the last takes longer than those before it';
  return `, about ${formatDuration(Math.round(left / 1_000) * 1_000)} left`;
}
