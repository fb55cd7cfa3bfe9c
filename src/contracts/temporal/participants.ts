/** One load generator process, and which of the workload's producers and consumers it runs, each numbered from 0. */
export interface Participants {
  generator: number;
  producers: number[];
  consumers: number[];
}

/**
 * Spreads producers and consumers evenly over the load generators, so that a producer has a consumer beside it wherever
 * there are enough of both. Generators that would have nothing to do are left out.
 */
export function assignParticipants(counts: {
  producers: number;
  consumers: number;
  generators: number;
}): Participants[] {
  const assigned = Array.from({ length: counts.generators }, (_, generator): Participants => {
    const mine = (total: number) =>
      Array.from({ length: total }, (_, index) => index).filter(
        (index) => index % counts.generators === generator,
      );
    return { generator, producers: mine(counts.producers), consumers: mine(counts.consumers) };
  });
  return assigned.filter(({ producers, consumers }) => producers.length + consumers.length > 0);
}
