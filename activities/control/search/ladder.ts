import type { Probe } from '../../../src/contracts/documents/progress.ts';
import type { Load } from '../../../src/contracts/input/workload.ts';
import type { NextStep } from '../../../src/contracts/temporal/control-activities.ts';
import { nextStep, rested } from './capacity-search.ts';

type Ladder = Extract<Load, { shape: 'ladder' }>;

/** What a load that tries rates one after another does next, from what it has tried and nothing else; null for others. */
export function nextOfLoad(load: Load, tried: readonly Probe[]): NextStep | null {
  if (load.shape === 'capacity-search') return nextStep(load, tried);
  return load.shape === 'ladder' ? nextRung(load, tried) : null;
}

function nextRung(load: Ladder, tried: readonly Probe[]): NextStep {
  const rates = load.ratesMessagesPerSecond ?? ratesOfShares(load, tried);
  if (!Array.isArray(rates)) return rates;
  const messagesPerSecond = rates[tried.filter(({ rung }) => rung).length];
  return messagesPerSecond === undefined
    ? { kind: 'done', messagesPerSecond: null }
    : rested({ kind: 'rung', messagesPerSecond }, tried);
}

/** The rungs once the capacity is known; until then what the search for it does next. */
function ratesOfShares(load: Ladder, tried: readonly Probe[]): number[] | NextStep {
  const held = tried.find(({ hold, sustained }) => hold && sustained);
  if (!held) {
    return nextStep(
      load,
      tried.filter(({ rung }) => !rung),
    );
  }
  return (load.sharesPercent ?? []).map((share) =>
    Number(((held.messagesPerSecond * share) / 100).toPrecision(4)),
  );
}
