/**
 * Temporal's Web UI for whoever has this machine, in a container of its own: `ui-door.ts HOST:PORT`, where the Web UI
 * listens, on a network that nobody else is on. What reaches this must name loopback, so its port is published there.
 */
import { readConfig } from '../config.ts';
import { openUiDoor } from '../stack/processes/ui-door.ts';
import { reportFatal, UserError, wrongUse } from '../user-error.ts';

const defaultPort = 8233;

async function main(inner: string | undefined): Promise<void> {
  const [, host, port] = /^([\w.-]+):(\d+)$/.exec(inner ?? '') ?? [];
  if (!host || !port) {
    throw new UserError(
      `Say where Temporal's Web UI listens, such as temporal-ui:8080, instead of ${inner}`,
      wrongUse,
    );
  }
  const { api, stackPorts, temporal } = readConfig();
  const inside = { host, port: Number(port) };
  const door = await openUiDoor(stackPorts.temporalUi ?? defaultPort, inside, temporal.namespace, api.host);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void door.close());
}

main(process.argv[2]).catch((error: unknown) => process.exit(reportFatal(error)));
