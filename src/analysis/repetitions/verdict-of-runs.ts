import type { Verdict } from '../../contracts/documents/result.ts';
import type { Requirement } from '../../contracts/input/requirement.ts';
import { counted, formatAgainst } from '../report/format.ts';
import { boundedMedianOfRuns } from '../statistics/few-runs.ts';
import { compare } from '../verdicts.ts';

/**
 * What the verdicts of several runs on one requirement come to. A count of messages must be kept by every run: a loss is
 * a loss. Anything else is decided by the median of all such runs, as far as its interval lies on one side of the bound,
 * which of fewer than five runs reaches beyond them; a run whose own verdict is open counts as the worst that it could have
 * been.
 * @param verdicts of one requirement, one a run that measured something
 * @param runs how many there were to be
 * @param whole those of runs whose values are told: of one that was cut short nobody knows what it would have measured
 */
export function verdictOfRuns(
  verdicts: readonly Verdict[],
  runs: number,
  whole: ReadonlySet<Verdict> = new Set(verdicts),
): Verdict {
  const [first] = verdicts as [Verdict, ...Verdict[]];
  if (runs === 1) return first;
  const measured = verdicts.filter(({ verdict }) => verdict !== 'not-measured');
  if (measured.length === 0) return first;
  const isCount = first.metric.startsWith('messages.');
  return isCount ? verdictOnCount(measured, runs) : verdictOnMedian(measured, runs, whole);
}

function verdictOnCount(verdicts: readonly Verdict[], runs: number): Verdict {
  const [first] = verdicts as [Verdict, ...Verdict[]];
  const missed = verdicts.filter(({ verdict }) => verdict === 'not-met');
  if (missed.length > 0) {
    const worst = worstOf(missed);
    return { ...worst, verdict: 'not-met', reason: `${worst.reason} in ${ofRuns(missed.length, runs)}` };
  }
  const open = verdicts.find(({ verdict }) => verdict === 'undecided');
  if (open) return open;
  const gap = runs - verdicts.length;
  if (gap > 0) return { ...first, verdict: 'undecided', reason: `${ofRuns(gap, runs)} measured nothing` };
  const worst = worstOf(verdicts);
  return { ...worst, reason: `${worst.reason} in all ${runs} runs` };
}

/** The one that is furthest on the wrong side. */
function worstOf(verdicts: readonly Verdict[]): Verdict {
  const isWorse = (one: Verdict, other: Verdict) =>
    valueOfRun(one) * (one.atMost === undefined ? -1 : 1) >
    valueOfRun(other) * (one.atMost === undefined ? -1 : 1);
  return verdicts.reduce((worst, one) => (isWorse(one, worst) ? one : worst));
}

function verdictOnMedian(verdicts: readonly Verdict[], runs: number, whole: ReadonlySet<Verdict>): Verdict {
  const [first] = verdicts as [Verdict, ...Verdict[]];
  const requirement = requirementOf(first);
  const isMost = 'atMost' in requirement;
  const told = verdicts.filter((verdict) => whole.has(verdict));
  const spread = boundedMedianOfRuns((told.length > 0 ? told : verdicts).map(valueOfRun));
  if (!spread) return first;
  const open = verdicts.filter(({ verdict }) => verdict === 'undecided');
  const unknown = runs - verdicts.length + open.length;
  const decided = verdicts.filter(({ verdict }) => verdict !== 'undecided').map(valueOfRun);
  const beyond = (sign: 1 | -1) =>
    boundedMedianOfRuns([...decided, ...Array<number>(unknown).fill(sign * Number.POSITIVE_INFINITY)]);
  const [best, worst] = isMost ? [beyond(-1), beyond(1)] : [beyond(1), beyond(-1)];
  const keeps = (value: number) => compare(requirement, value).met;
  const isMet = keeps((isMost ? worst?.high : worst?.low) as number);
  const isMissed = !keeps((isMost ? best?.low : best?.high) as number);
  const finite = Number.isFinite(spread.median) ? spread.median : null;
  const found = {
    ...requirement,
    measured: finite,
    low: Number.isFinite(spread.low) ? spread.low : null,
    high: Number.isFinite(spread.high) ? spread.high : null,
    runs: spread.runs,
  };
  const interval = intervalInWords(requirement, spread);
  if (isMet || isMissed) {
    // Of runs that missed it without a number, one says why.
    const reason =
      finite === null
        ? (verdicts.find(({ measured }) => measured === null) ?? first).reason
        : compare(requirement, finite).reason;
    return { ...found, verdict: isMet ? 'met' : 'not-met', reason: `${reason} (${interval})` };
  }
  return { ...found, verdict: 'undecided', reason: whyOpen(requirement, { open, decided, runs, interval }) };
}

/** What leaves several runs open: those that say nothing, those that are missing, or the bound itself. */
function whyOpen(
  requirement: Requirement,
  {
    open,
    decided,
    runs,
    interval,
  }: { open: readonly Verdict[]; decided: readonly number[]; runs: number; interval: string },
): string {
  const gap = runs - decided.length - open.length;
  if (gap + open.length > 0 && isDecidedWithout(requirement, decided)) {
    return open[0]
      ? `${open[0].reason} in ${ofRuns(open.length, runs)}`
      : `${ofRuns(gap, runs)} measured nothing (${interval})`;
  }
  return `the bound lies within what the runs leave open (${interval}); more repetitions may decide`;
}

/** Whether only the runs that say nothing leave it open. */
function isDecidedWithout(requirement: Requirement, decided: readonly number[]): boolean {
  const spread = boundedMedianOfRuns(decided);
  if (!spread) return true;
  return compare(requirement, spread.low).met === compare(requirement, spread.high).met;
}

function intervalInWords(
  requirement: Requirement,
  { low, high, runs }: { low: number; high: number; runs: number },
): string {
  const bound = 'atMost' in requirement ? requirement.atMost : requirement.atLeast;
  const text = (value: number) =>
    Number.isFinite(value) ? formatAgainst(requirement.metric, value, bound) : 'beyond measure';
  return low === Number.NEGATIVE_INFINITY && high === Number.POSITIVE_INFINITY
    ? `anything in ${counted(runs, 'run')}`
    : `${text(low)} to ${text(high)} in ${counted(runs, 'run')}`;
}

/** What a run measured; beyond all values, on the wrong side unless it is met, where it has no number. */
function valueOfRun({ measured, verdict, atMost }: Verdict): number {
  if (measured !== null) return measured;
  const isHigh = (verdict !== 'met') === (atMost !== undefined);
  return isHigh ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
}

function requirementOf({ metric, atMost, atLeast }: Verdict): Requirement {
  const bound = atMost === undefined ? { atLeast } : { atMost };
  return { metric, ...bound } as Requirement;
}

const ofRuns = (count: number, runs: number) => `${count} of ${runs} runs`;
