import { type WorkflowClient, WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';

/** What became of an update: its answer, or in a sentence why it was refused. */
export type UpdateAnswer<T> = { accepted: true; value: T } | { accepted: false; reason: string };

/** Sends an update to the latest run of a workflow, and waits for what becomes of it. */
export async function askUpdate<T>(
  client: WorkflowClient,
  id: string,
  name: string,
  payload: object,
): Promise<UpdateAnswer<T>> {
  try {
    const value = await client.getHandle(id).executeUpdate<T, [object]>(name, { args: [payload] });
    return { accepted: true, value };
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError) {
      return { accepted: false, reason: error.cause?.message ?? error.message };
    }
    if (error instanceof WorkflowNotFoundError) return { accepted: false, reason: 'it is closed' };
    throw error;
  }
}
