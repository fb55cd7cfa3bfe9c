/** What may happen to a product: a server's process is killed, all its machines lose power, or one is gone with its disk. */
export const mishaps = ['process-crash', 'power-loss', 'node-loss'] as const;
export type Mishap = (typeof mishaps)[number];

/** A setting for which an acknowledged message may be lost. */
export interface Weakness {
  /** Where it is set, from the settings down. */
  path: readonly string[];
  value: string | number | boolean;
  /** By what the message may then be lost. */
  breaks: readonly Mishap[];
  /** Why, as a clause. */
  because: string;
}

/** What an acknowledgement is worth under given settings, as the product's documentation has it. */
export interface Acknowledgement {
  /** When it is given, as a sentence without its full stop. */
  when: string;
  /** Copies of the message that there are then at least; 0 where nothing confirms it. */
  copies: number;
  /** Whether these are on the disk by then, rather than in the operating system's memory; null where it is not published. */
  flushed: boolean | null;
  weaknesses: readonly Weakness[];
}

type Fate = 'survives' | 'may-lose';

/** An acknowledgement's worth in the words of every technology: what an acknowledged message survives. */
export interface Guarantee {
  processCrash: Fate;
  powerLoss: Fate;
  nodeLoss: Fate;
  copies: number;
  flushed: boolean | null;
  explanation: string;
}

/** What an acknowledged message survives, with the reasons where it may be lost. */
export function guaranteeOf({ when, copies, flushed, weaknesses }: Acknowledgement): Guarantee {
  const fate = (mishap: Mishap): Fate =>
    weaknesses.some(({ breaks }) => breaks.includes(mishap)) ? 'may-lose' : 'survives';
  const reasons = weaknesses.map(
    ({ breaks, because }) => `${breaks.map(byMishap).join(' and ')}: ${because}`,
  );
  return {
    processCrash: fate('process-crash'),
    powerLoss: fate('power-loss'),
    nodeLoss: fate('node-loss'),
    copies,
    flushed,
    explanation: `${[`${when}.`, ...reasons.map((reason) => `It may be lost ${reason}.`)].join(' ')}`,
  };
}

function byMishap(mishap: Mishap): string {
  return { 'process-crash': 'by a crash', 'power-loss': 'by a loss of power', 'node-loss': 'with a node' }[
    mishap
  ];
}

/** Settings that keep less than the durability that was asked for. */
export function contradictions(
  durability: Mishap | undefined,
  weaknesses: readonly Weakness[],
): { path: readonly string[]; message: string }[] {
  return weaknesses
    .filter(({ breaks }) => durability !== undefined && breaks.includes(durability))
    .map(({ path, value, because }) => ({
      path,
      message: `${path.at(-1)} ${value} contradicts durability ${durability}: ${because}; leave out one of the two`,
    }));
}
