import { randomInt } from 'node:crypto';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import { workflowTypes } from '../../contracts/temporal/names.ts';
import { findFreePorts } from '../../machine/free-port.ts';
import { foreignPageRefusal } from '../../machine/loopback-door.ts';

/** Where the Web UI itself listens, behind the door. */
export interface InnerAddress {
  host: string;
  port: number;
}

/**
 * An address for the Web UI that no page can guess. Linux answers on all of 127/8; elsewhere only the port is unknown.
 */
export async function chooseInnerAddress(platform = process.platform): Promise<InnerAddress> {
  const [port] = await findFreePorts(1);
  if (port === undefined) throw new Error('there is no free port');
  const host =
    platform === 'linux' ? `127.${randomInt(1, 255)}.${randomInt(0, 256)}.${randomInt(2, 255)}` : '127.0.0.1';
  return { host, port };
}

export interface UiDoor {
  close(): Promise<void>;
}

/**
 * Serves Temporal's Web UI on a loopback port to whoever asks for this machine by its own name, and to no page of another
 * origin. By itself the Web UI answers any Host, so a page whose name is made to point to 127.0.0.1 could read and steer
 * every workflow. Who asks for no page in particular gets the list of experiments and comparisons.
 * @param listenHost in a container, every address: there its port is published on loopback
 */
export async function openUiDoor(
  port: number,
  inner: InnerAddress,
  namespace: string,
  listenHost = '127.0.0.1',
): Promise<UiDoor> {
  const server = createServer((incoming, outgoing) => {
    const refusal = foreignPageRefusal(incoming.headers, incoming.method ?? '');
    if (refusal !== null) outgoing.writeHead(403, { 'content-type': 'text/plain' }).end(`${refusal}\n`);
    else if (incoming.url === '/') outgoing.writeHead(302, { location: listFor(namespace) }).end();
    else forward(incoming, outgoing, inner);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, listenHost, resolve);
  });
  return {
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The list without the run queue and the reaper, which stay in it unfiltered. */
function listFor(namespace: string): string {
  const forPeople = `WorkflowType IN ("${workflowTypes.experiment}", "${workflowTypes.comparison}")`;
  return `/namespaces/${encodeURIComponent(namespace)}/workflows?query=${encodeURIComponent(forPeople)}`;
}

function forward(incoming: IncomingMessage, outgoing: ServerResponse, { host, port }: InnerAddress): void {
  const { method, url: path, headers } = incoming;
  const onward = request({ host, port, method, path, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
    pipeline(answer, outgoing, () => {});
  });
  onward.once('error', () => {
    if (outgoing.headersSent) outgoing.destroy();
    else outgoing.writeHead(502, { 'content-type': 'text/plain' }).end('The Web UI does not answer.\n');
  });
  pipeline(incoming, onward, () => {});
}
