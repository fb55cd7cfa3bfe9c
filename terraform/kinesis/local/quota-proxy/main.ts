/**
 * The quota proxy of one experiment: `main.ts <port> <emulator's URL> <record>`; <record> names the process in listings.
 * Listens on loopback until it is ended.
 */
import { createQuotaProxy } from './proxy.ts';

const [port, upstreamUrl] = process.argv.slice(2);
if (!port || !upstreamUrl) throw new Error('usage: main.ts <port> <upstream URL> <record>');
createQuotaProxy(upstreamUrl).listen(Number(port), '127.0.0.1', () =>
  console.log(`holding ${upstreamUrl} to Kinesis quotas on port ${port}`),
);
