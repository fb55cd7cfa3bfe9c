import type { ReportColumn } from '../../../contracts/documents/api.ts';
import type { MessageCount } from '../../../contracts/input/metric.ts';
import { finiteOrNull } from '../../statistics/finite-or-null.ts';
import { shiftOf } from '../../statistics/two-samples.ts';
import { flawOfEither } from '../flaws.ts';
import { wholeRuns } from '../whole-runs.ts';
import type { Change } from './change.ts';

/**
 * How a count of messages that should not be there has changed. None that has become some is worse, however many runs there
 * were: a loss is a loss. Some that has become more or less is told from run to run, as a share of what was due.
 * @returns null where neither report counted it
 */
export function countChange(then: ReportColumn, now: ReportColumn, count: MessageCount): Change | null {
  const [before, after] = [countIn(then, count), countIn(now, count)];
  if (before === null && after === null) return null;
  const metric = `messages.${count}`;
  const blank = { label: now.label, metric, before, after, ratio: null, worsePercent: null };
  if (before === null || after === null) {
    const reason = `only the ${before === null ? 'later' : 'earlier'} report has it`;
    return { ...blank, finding: 'unknown', reason };
  }
  if (before === 0 && after === 0) return { ...blank, finding: 'none', worsePercent: 0, reason: null };
  const flaw = flawOfEither(then, now, metric);
  if (flaw) return { ...blank, finding: 'unknown', reason: flaw };
  if (before === 0) return { ...blank, finding: 'worse', reason: 'there was none' };
  const [earlier, later] = [sharesOf(then, count), sharesOf(now, count)];
  const { low, high } = shiftOf(earlier, later);
  const worsePercent = finiteOrNull((shareOf(now, after) / shareOf(then, before) - 1) * 100);
  if (low === null || high === null) {
    const reason =
      earlier.length === 0 && then.runs.length > 0
        ? 'the earlier report does not count run by run'
        : `too few runs: ${earlier.length} then and ${later.length} now`;
    return { ...blank, finding: 'unknown', worsePercent, reason };
  }
  const finding = low > 0 ? 'worse' : high < 0 ? 'better' : 'none';
  return { ...blank, finding, worsePercent, reason: null };
}

/** Over all runs. */
function countIn({ measurement }: ReportColumn, count: MessageCount): number | null {
  return measurement?.messages[count] ?? null;
}

function shareOf({ measurement }: ReportColumn, messages: number): number {
  return messages / (measurement?.messages.scheduled ?? 0);
}

/** Of each whole run. Reports of 0.3.0 do not say. */
function sharesOf({ runs }: ReportColumn, count: MessageCount): number[] {
  return wholeRuns(runs).flatMap(({ messages }) => {
    const value = messages?.[count] ?? null;
    return messages && value !== null && messages.scheduled > 0 ? [value / messages.scheduled] : [];
  });
}
