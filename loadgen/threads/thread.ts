import { writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import type { Driver, DriverConsumer, DriverProducer } from '../drivers/driver.ts';
import { loadDriver } from '../drivers/registry.ts';
import { createLog } from '../log.ts';
import { keyChooser, seededNumbers } from '../measure/keys.ts';
import { MessagePool } from '../measure/message-pool.ts';
import { payloadFiller } from '../measure/payload.ts';
import { codeVersion } from './code-version.ts';
import { ConsumerLoop } from './consumer-loop.ts';
import { ProducerLoop } from './producer-loop.ts';
import type { ThreadCommand, ThreadData, ThreadReport } from './protocol.ts';

/** Bytes of one producer's messages that may be under way, like the Java client's `buffer.memory`. */
const underWayBytes = 32 * 1024 * 1024;

const data = workerData as ThreadData;
const port = parentPort;
if (!port) throw new Error('thread.ts runs as a worker thread');

endUnlessOfOneCode();

const send = (report: ThreadReport) => port.postMessage(report);

/** Hands out a second's counts without copying them. */
const sendInterval = (report: Extract<ThreadReport, { type: 'produced' | 'consumed' }>) =>
  port.postMessage(
    report,
    Object.values(report.interval.latencies).map((counts) => counts.buffer as ArrayBuffer),
  );

let lastProblem: string | null = null;
const writeLog = createLog({ thread: `${data.role}-${data.index}`, session: data.sessionName });
const context = {
  settings: data.settings,
  endpoint: data.endpoint,
  sessionName: data.sessionName,
  index: data.index,
  count: data.count,
  log: (...[level, message, details]: Parameters<typeof writeLog>) => {
    if (level !== 'info') lastProblem = message;
    writeLog(level, message, details);
  },
};

const handle = data.role === 'producer' ? await openProducer() : await openConsumer();
port.on('message', (command: ThreadCommand) => handle(command));

/**
 * A deploy replaces the code under a process that waits for its load, and that does not understand what a thread of the
 * new code tells it: the two would wait for each other for ever. A process that is gone is started anew.
 */
function endUnlessOfOneCode(): void {
  if (data.code === codeVersion()) return;
  writeSync(2, 'Its code was replaced since this load generator started: it ends, to be started anew.\n');
  process.kill(process.pid, 'SIGKILL');
}

async function openProducer(): Promise<(command: ThreadCommand) => void> {
  const driver = await loadDriver(data.driverModule);
  const loop = new ProducerLoop({
    pool: new MessagePool(
      data.workload.messageSizeBytes,
      underWayBytes,
      payloadFiller(data.workload.payload),
    ),
    messageSizeBytes: data.workload.messageSizeBytes,
    newKeyChooser: () => keyChooser(data.workload.keys, seededNumbers(data.index)),
    session: data.session,
    producer: data.index,
    producers: data.count,
    onInterval: (round, interval) => sendInterval({ type: 'produced', round, interval }),
  });
  const producer = await driver.createProducer({
    ...context,
    messageSizeBytes: data.workload.messageSizeBytes,
    underWayBytes,
    payload: data.workload.payload,
    settle: (messages, outcome, reason) => loop.settle(messages, outcome, reason),
    settleBatch: (batch, outcome, reason) => loop.settleBatch(batch, outcome, reason),
    throttled: (messages) => loop.throttled(messages),
    doubted: (messages) => loop.doubted(messages),
  });
  loop.connect(producer);
  reportOpened(driver);
  return (command) => {
    if (command.type === 'run') {
      const { round } = command.order;
      void loop
        .run(command.order)
        .then((result) => send({ type: 'finished', round, ...result, perPartition: [], lastProblem }));
      send({ type: 'begun', round });
    }
    if (command.type === 'start') loop.start(command.round, command.startMicros);
    if (command.type === 'stop') loop.stop(command.round, command.settleTimeoutMs);
    if (command.type === 'close') void close(producer);
  };
}

async function openConsumer(): Promise<(command: ThreadCommand) => void> {
  const driver = await loadDriver(data.driverModule);
  const loop = new ConsumerLoop({
    session: data.session,
    keepsOrder: driver.keepsOrder,
    onInterval: (round, interval) => sendInterval({ type: 'consumed', round, interval }),
  });
  const consumer = await driver.createConsumer({
    ...context,
    receive: (partition, value, arrivedMicros, offset, length) =>
      loop.receive(partition, value, arrivedMicros, offset, length),
    assigned: (partitions, total) => send({ type: 'assigned', partitions, total }),
    broken: (error) => send({ type: 'broken', message: error.message }),
  });
  reportOpened(driver);
  return (command) => {
    if (command.type === 'run') {
      loop.begin(command.order);
      send({ type: 'begun', round: command.order.round });
    }
    if (command.type === 'start') loop.start(command.round, command.startMicros);
    if (command.type === 'finish') {
      const { round } = command;
      const { usage, perPartition } = loop.finish(round) ?? { usage: null, perPartition: [] };
      const nothingSent = { scheduled: 0, handed: 0, refusals: [] };
      send({ type: 'finished', round, ...nothingSent, perPartition, usage, lastProblem });
    }
    if (command.type === 'empty') void empty(driver);
    if (command.type === 'close') void close(consumer);
  };
}

/** A probe that begins with a fuller product is still one. */
async function empty(driver: Driver): Promise<void> {
  try {
    await driver.empty?.(context);
  } catch (error) {
    writeLog('warn', 'what earlier probes left could not be deleted', { error: String(error) });
  }
  send({ type: 'emptied' });
}

function reportOpened(driver: Driver): void {
  send({ type: 'opened', keepsOrder: driver.keepsOrder, clients: driver.clients(data.settings) });
}

async function close(client: DriverProducer | DriverConsumer): Promise<void> {
  try {
    await client.close();
  } catch (error) {
    context.log('warn', 'closing the client failed', { error: String(error) });
  }
  send({ type: 'closed' });
  port?.close();
}
