import type { FieldError } from '../../contracts/input/problem.ts';
import type { ObjectStore } from '../../storage/object-store.ts';
import { HttpProblem, invalidInput } from '../http/problems.ts';
import type { StartRequest, TemporalGateway } from '../sources/temporal-gateway.ts';
import { claim, giveUpClaim, markStarted } from './idempotency.ts';

export interface Submission {
  request: Omit<StartRequest, 'id'>;
  /** Value of the `Idempotency-Key` header. */
  idempotencyKey: string | undefined;
  /** The document as the client sent it. */
  body: unknown;
  /** Why it cannot be started on this machine; looked at only when it is to be. */
  obstacles: () => FieldError[];
}

export interface SubmitDependencies {
  gateway: TemporalGateway;
  store: ObjectStore;
  newId: () => string;
  isRecorded(id: string): Promise<boolean>;
  /** Whether storage or Temporal knows it; true where that cannot be said. */
  exists(id: string): Promise<boolean>;
}

/**
 * Starts a workflow, or finds the one that the same key and body started before.
 *
 * With a key, the id is bound in storage first and the workflow started after. When a crash comes between the two, the
 * next call with that key finds the binding unfinished and finishes it. What was once started is never started again:
 * not by a parallel call (Temporal refuses a used id), and not after Temporal has forgotten it (the binding says
 * started, or the record is there).
 */
export async function submit(
  deps: SubmitDependencies,
  submission: Submission,
): Promise<{ id: string; replayed: boolean }> {
  const { gateway, store, newId } = deps;
  const { request, idempotencyKey, body } = submission;
  const demandNoObstacles = () => {
    const obstacles = submission.obstacles();
    if (obstacles.length > 0) throw invalidInput(obstacles);
  };
  if (idempotencyKey === undefined) {
    demandNoObstacles();
    const id = newId();
    await gateway.start({ ...request, id });
    return { id, replayed: false };
  }
  if (idempotencyKey.length < 1 || idempotencyKey.length > 255) {
    throw new HttpProblem(400, 'The Idempotency-Key header must have 1 to 255 characters.');
  }
  const binding = { kind: request.kind, key: idempotencyKey, body };
  const { id, replayed, started } = await claim(store, binding, newId);
  if (started && replayed && !(await deps.exists(id))) {
    throw new HttpProblem(
      410,
      `What this Idempotency-Key started, ${id}, is kept no longer; use a new key to start it anew.`,
    );
  }
  if (!started) {
    if (!(replayed && (await deps.isRecorded(id)))) {
      try {
        demandNoObstacles();
      } catch (refusal) {
        // The key stays free for what is corrected; a claim of another call may have been started by now.
        if (!replayed) await giveUpClaim(store, binding);
        throw refusal;
      }
      await gateway.start({ ...request, id });
    }
    await markStarted(store, binding, id);
  }
  return { id, replayed };
}
