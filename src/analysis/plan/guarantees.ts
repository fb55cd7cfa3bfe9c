import type { ExperimentSpec } from '../../contracts/input/experiment.ts';
import { type Guarantee, guaranteeOf } from '../../technologies/guarantee.ts';
import { findTechnology, technologyCard } from '../../technologies/registry.ts';
import { namesInWords } from '../report/notes/names-in-words.ts';

type Subject = Pick<ExperimentSpec, 'technology' | 'settings'>;

/** What an acknowledgement guarantees under an experiment's settings. */
export function guaranteeOfExperiment({ technology, settings }: Subject): Guarantee {
  return guaranteeOf(technologyCard(technology).acknowledgement(settings));
}

/** That of an experiment which another release may have accepted; null where this one cannot tell. */
export function guaranteeOfStored({ technology, settings }: Subject): Guarantee | null {
  const card = findTechnology(technology);
  const filled = card?.settings.safeParse(settings);
  return card && filled?.success ? guaranteeOf(card.acknowledgement(filled.data)) : null;
}

/** A variant and what it promises. */
export interface Promised {
  name: string;
  guarantee: Guarantee;
}

export function promiseOf(spec: ExperimentSpec): Promised {
  return { name: spec.name, guarantee: guaranteeOfExperiment(spec) };
}

/** What may happen, by where a guarantee says how it ends, and in words. */
export const mishaps = [
  ['processCrash', 'the crash of a server'],
  ['powerLoss', 'a loss of power'],
  ['nodeLoss', 'the loss of a node'],
] as const;

/** What an acknowledged message survives: `survives the crash of a server, not a loss of power, …; 1 copy`. */
export function promiseInWords(guarantee: Guarantee): string {
  const told = mishaps.map(
    ([field, mishap]) => `${guarantee[field] === 'survives' ? 'survives' : 'may not survive'} ${mishap}`,
  );
  return `${told.join(', ')}, with ${guarantee.copies === 1 ? '1 copy' : `${guarantee.copies} copies`}`;
}

/** Mishaps, in words, that the same variants survive, by name, and that the same may lose by. */
export interface Split {
  mishaps: string[];
  survivors: string[];
  losers: string[];
}

/** How variants are told apart by what they promise; mishaps that end alike for the same of them are one. */
export function splitsOf(promises: readonly Promised[]): Split[] {
  const splits = new Map<string, Split>();
  for (const [field, mishap] of mishaps) {
    const of = (fate: string) =>
      promises.filter(({ guarantee }) => guarantee[field] === fate).map(({ name }) => name);
    const [survivors, losers] = [of('survives'), of('may-lose')];
    const key = JSON.stringify([survivors, losers]);
    const split = splits.get(key) ?? { mishaps: [], survivors, losers };
    split.mishaps.push(mishap);
    splits.set(key, split);
  }
  return [...splits.values()];
}

/** A sentence for what some variants survive and others do not: their costs are those of different promises. */
export function differenceNotes(promises: readonly Promised[]): string[] {
  return splitsOf(promises).flatMap(({ mishaps: told, survivors, losers }) =>
    survivors.length === 0 || losers.length === 0
      ? []
      : [
          `The variants do not promise the same. What was acknowledged survives ${namesInWords(told)} with: ${namesInWords(survivors)}. It may be lost with: ${namesInWords(losers)}.`,
        ],
  );
}

/**
 * A sentence where some variants spread their messages over logs of their own and others over parts of one: more of these
 * spread the reading, and no more.
 */
export function partitionNotes(variants: readonly { name: string; technology: string }[]): string[] {
  const spread = variants.map(({ name, technology }) => ({
    name,
    shares: findTechnology(technology)?.partitionsShare,
  }));
  const sharing = spread.filter(({ shares }) => shares !== undefined);
  if (sharing.length === 0 || sharing.length === spread.length) return [];
  return [
    `The variants do not spread their messages alike. ${sharing.map(({ name, shares }) => `${name}: ${shares}`).join('; ')}. The partitions or shards of the others are logs of their own, which take writes side by side.`,
  ];
}
