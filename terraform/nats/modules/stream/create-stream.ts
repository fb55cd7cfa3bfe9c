/**
 * Creates the stream that COMPARATOR_STREAM describes and waits until it has a leader and all its replicas are up to
 * date. The single argument, the stream's name, is for process listings only.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { z } from 'zod';
import { addStream, isReady, natsStreamSchema } from '../../../../src/machine/clusters/nats-stream.ts';

const streamSchema = z.strictObject({
  ...natsStreamSchema.shape,
  servers: z.array(z.string()).min(1),
  timeoutSeconds: z.number(),
});

async function createStream({ servers, ...stream }: z.infer<typeof streamSchema>): Promise<void> {
  const connection = await connect({ servers, name: 'comparator-terraform' });
  try {
    // The servers of a new cluster refuse it until they have chosen a leader.
    const manager = await untilNoError(() => jetstreamManager(connection, { timeout: 2_000 }));
    await untilNoError(() => addStream(manager, stream));
    while (!isReady(await untilNoError(() => manager.streams.info(stream.name)), stream.replicas)) {
      await delay(100);
    }
  } finally {
    await connection.close();
  }
}

let lastProblem = '';

async function untilNoError<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      lastProblem = error instanceof Error ? error.message : String(error);
      await delay(100);
    }
  }
}

const stream = streamSchema.parse(JSON.parse(process.env.COMPARATOR_STREAM ?? 'null'));
setTimeout(() => {
  const why = lastProblem ? `; the last refusal was: ${lastProblem}` : '';
  console.error(`the stream was not ready within ${stream.timeoutSeconds} s${why}`);
  process.exit(1);
}, stream.timeoutSeconds * 1_000).unref();
createStream(stream).then(
  () => process.exit(0),
  (error) => {
    console.error(`the stream cannot be created: ${error instanceof Error ? error.message : error}`);
    process.exit(1);
  },
);
