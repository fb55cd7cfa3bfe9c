import type { Cost } from '../../contracts/documents/cost.ts';
import type { Result } from '../../contracts/documents/result.ts';

/**
 * What a variant costs by several runs: that of the run in the middle, whole, so that its arithmetic adds up; of an even
 * number of runs, halfway between the two in the middle, item by item.
 */
export function costOfRuns(results: readonly Pick<Result, 'cost'>[]): Cost | null {
  const costs = results.flatMap(({ cost }) => cost ?? []);
  const sorted = costs.toSorted((a, b) => a.usdPerMillionMessages - b.usdPerMillionMessages);
  const upper = sorted[Math.floor(sorted.length / 2)];
  if (!upper) return null;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  return lower && lower !== upper && isAlike(lower, upper) ? halfway(lower, upper) : (lower ?? upper);
}

/** Whether two are made of one list of prices and of the items. */
function isAlike(one: Cost, other: Cost): boolean {
  const items = ({ arithmetic }: Cost) =>
    arithmetic.map(({ item, usdPerUnit }) => `${item} ${usdPerUnit}`).join();
  return one.basis === other.basis && one.region === other.region && items(one) === items(other);
}

function halfway(one: Cost, other: Cost): Cost {
  const usdPerHour = (one.usdPerHour + other.usdPerHour) / 2;
  const usdPerMillionMessages = (one.usdPerMillionMessages + other.usdPerMillionMessages) / 2;
  const between = (field: NumberOfCost) => meanOrNull(one[field], other[field]);
  return {
    ...one,
    usdPerHour,
    usdPerMillionMessages,
    // Between their rates, and so that an hour of it costs that much.
    messagesPerSecond:
      usdPerMillionMessages > 0
        ? (usdPerHour / usdPerMillionMessages) * (1e6 / 3_600)
        : (one.messagesPerSecond + other.messagesPerSecond) / 2,
    usdPerMillionMessagesAtCapacity: between('usdPerMillionMessagesAtCapacity'),
    capacityMessagesPerSecond: between('capacityMessagesPerSecond'),
    vcpu: between('vcpu'),
    memoryGib: between('memoryGib'),
    utilization: between('utilization'),
    arithmetic: one.arithmetic.map((part, index) => ({
      ...part,
      quantity: (part.quantity + (other.arithmetic[index]?.quantity ?? 0)) / 2,
      usdPerHour: (part.usdPerHour + (other.arithmetic[index]?.usdPerHour ?? 0)) / 2,
    })),
  };
}

type NumberOfCost =
  | 'usdPerMillionMessagesAtCapacity'
  | 'capacityMessagesPerSecond'
  | 'vcpu'
  | 'memoryGib'
  | 'utilization';

function meanOrNull(one: number | null, other: number | null): number | null {
  return one === null || other === null ? null : (one + other) / 2;
}
