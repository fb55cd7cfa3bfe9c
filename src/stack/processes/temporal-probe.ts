import { searchAttributes } from '../../contracts/temporal/names.ts';
import type { TemporalAccess } from '../../temporal-server.ts';

/** Whether a Temporal server serves this namespace and knows our search attributes. Throws while it cannot be reached. */
export async function hasSearchAttributes(address: string, namespace: string): Promise<boolean> {
  return withConnection({ address, access: {} }, async (connection) => {
    await connection.workflowService.describeNamespace({ namespace });
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
    return Object.keys(searchAttributes).every((name) => name in customAttributes);
  });
}

/** Whether this worker process, started then, has asked the server for work on a task queue. */
export async function isPolling(
  { address, namespace, access }: { address: string; namespace: string; access: TemporalAccess },
  taskQueue: string,
  worker: { pid: number; startedAtEpochMs: number },
): Promise<boolean> {
  return withConnection({ address, access }, async (connection) => {
    const { pollers } = await connection.workflowService.describeTaskQueue({
      namespace,
      taskQueue: { name: taskQueue },
      taskQueueType: 1, // workflow tasks
    });
    // The server remembers pollers for minutes, so one with our pid may be an earlier process: the time decides.
    return (pollers ?? []).some((poller) => {
      const lastAccessMs = Number(poller.lastAccessTime?.seconds ?? 0) * 1000;
      return poller.identity?.includes(String(worker.pid)) && lastAccessMs >= worker.startedAtEpochMs - 1000;
    });
  });
}

type TemporalConnection = Awaited<ReturnType<typeof import('@temporalio/client')['Connection']['connect']>>;

async function withConnection<T>(
  { address, access }: { address: string; access: TemporalAccess },
  work: (connection: TemporalConnection) => Promise<T>,
): Promise<T> {
  // Loaded when needed: it costs more than all the rest of a command that does not.
  const { Connection } = await import('@temporalio/client');
  const connection = await Connection.connect({ address, ...access, connectTimeout: 2_000 });
  try {
    return await connection.withDeadline(Date.now() + 5_000, () => work(connection));
  } finally {
    await connection.close();
  }
}
