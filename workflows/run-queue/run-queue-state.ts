/** Pure decisions of the run queue: first come, first served. */
export interface Ticket {
  experimentId: string;
  /** The run that asks; a later run of the same experiment takes over its place. */
  runId: string;
  /** ISO 8601: when it was submitted; of a holder from an earlier queue, when its run began. */
  since: string;
}

export interface QueueTickets {
  capacity: number;
  running: Ticket[];
  waiting: Ticket[];
}

/** The queue after an experiment has asked, or asked again. */
export function withRequest(queue: QueueTickets, ticket: Ticket): QueueTickets {
  const isIt = ({ experimentId }: Ticket) => experimentId === ticket.experimentId;
  const known = [...queue.running, ...queue.waiting].find(isIt);
  if (known && (known.since <= ticket.since || queue.running.includes(known))) {
    const renew = (tickets: Ticket[]) =>
      tickets.map((one) => (one === known ? { ...one, runId: ticket.runId } : one));
    return { ...queue, running: renew(queue.running), waiting: renew(queue.waiting) };
  }
  const others = queue.waiting.filter((one) => !isIt(one));
  // By submission, not by asking: after a terminated queue they ask again in any order. Most ask last.
  const place = others.findLastIndex((one) => one.since <= ticket.since) + 1;
  others.splice(place, 0, ticket);
  return { ...queue, waiting: others };
}

/**
 * The queue after an experiment has given its slot, or its place, back.
 * @param runId the run that asked; a place that another run has taken over stays. Without it, whichever it was
 */
export function withoutExperiment(queue: QueueTickets, experimentId: string, runId?: string): QueueTickets {
  const others = (tickets: Ticket[]) =>
    tickets.filter(
      (one) => one.experimentId !== experimentId || (runId !== undefined && one.runId !== runId),
    );
  return { ...queue, running: others(queue.running), waiting: others(queue.waiting) };
}

/** The queue after it has learnt who holds a slot, and who waits, from an earlier queue; those that asked it are known. */
export function withLearnt(queue: QueueTickets, holders: Ticket[], waiting: Ticket[]): QueueTickets {
  const holding = new Set(holders.map(({ experimentId }) => experimentId));
  const asked = new Set(queue.waiting.map(({ experimentId }) => experimentId));
  const unheard = waiting.filter(({ experimentId }) => !asked.has(experimentId));
  return {
    ...queue,
    running: [...queue.running.filter(({ experimentId }) => !holding.has(experimentId)), ...holders],
    waiting: [...queue.waiting, ...unheard]
      .filter(({ experimentId }) => !holding.has(experimentId))
      .sort((a, b) => (a.since < b.since ? -1 : 1)),
  };
}

/** Of how many waiters the places are carried over; more would not fit into Temporal's 2 MB. */
const mostCarried = 10_000;

/** What the queue takes along when it goes on as new. Who waits behind the rest asks again in time. */
export function carriedOver(queue: QueueTickets): QueueTickets {
  return { ...queue, waiting: queue.waiting.slice(0, mostCarried) };
}

/** The queue after free slots have gone to those that wait longest. */
export function withGrants(queue: QueueTickets): QueueTickets {
  const free = Math.max(0, queue.capacity - queue.running.length);
  return {
    ...queue,
    running: [...queue.running, ...queue.waiting.slice(0, free)],
    waiting: queue.waiting.slice(free),
  };
}

/** The place of one: 0 holds a slot, 1 is next; null where it is not known. */
export function placeOf(
  { running, waiting }: QueueTickets,
  experimentId: string,
): { position: number; runId: string } | null {
  const isIt = (one: Ticket) => one.experimentId === experimentId;
  const holder = running.find(isIt);
  if (holder) return { position: 0, runId: holder.runId };
  const index = waiting.findIndex(isIt);
  return index < 0 ? null : { position: index + 1, runId: (waiting[index] as Ticket).runId };
}

/** Everyone's position: 0 holds a slot, 1 is next. */
export function positions(queue: QueueTickets): { experimentId: string; position: number }[] {
  return [
    ...queue.running.map(({ experimentId }) => ({ experimentId, position: 0 })),
    ...queue.waiting.map(({ experimentId }, index) => ({ experimentId, position: index + 1 })),
  ];
}
