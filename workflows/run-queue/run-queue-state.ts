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
  const renew = (tickets: Ticket[]) =>
    tickets.map((one) => (one.experimentId === ticket.experimentId ? { ...one, runId: ticket.runId } : one));
  const known = [...queue.running, ...queue.waiting].some((one) => one.experimentId === ticket.experimentId);
  return known
    ? { ...queue, running: renew(queue.running), waiting: renew(queue.waiting) }
    : {
        ...queue,
        // By submission, not by asking: after a terminated queue they ask again in any order.
        waiting: [...queue.waiting, ticket].sort((a, b) => Date.parse(a.since) - Date.parse(b.since)),
      };
}

/** The queue after an experiment has given its slot, or its place, back. */
export function withoutExperiment(queue: QueueTickets, experimentId: string): QueueTickets {
  const others = (tickets: Ticket[]) => tickets.filter((one) => one.experimentId !== experimentId);
  return { ...queue, running: others(queue.running), waiting: others(queue.waiting) };
}

/** The queue after it has learnt of experiments that hold a slot from an earlier queue. */
export function withHolders(queue: QueueTickets, holders: Ticket[]): QueueTickets {
  const others = holders.reduce((rest, { experimentId }) => withoutExperiment(rest, experimentId), queue);
  return { ...others, running: [...others.running, ...holders] };
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

/** Everyone's position: 0 holds a slot, 1 is next. */
export function positions(queue: QueueTickets): { experimentId: string; position: number }[] {
  return [
    ...queue.running.map(({ experimentId }) => ({ experimentId, position: 0 })),
    ...queue.waiting.map(({ experimentId }, index) => ({ experimentId, position: index + 1 })),
  ];
}
