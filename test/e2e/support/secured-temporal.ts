import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCertificates } from '../../support/certificates.ts';

/** What must be found nowhere but in the environments of those who connect. */
export const temporalApiKey = 'canary-temporal-8c1e7f02ab';

/** A Temporal server that asks for a client certificate and an API key, as Temporal Cloud does. */
export interface SecuredTemporal {
  /** host:port of the door. */
  address: string;
  /** Where ca.pem, client.pem, client.key and stranger.pem lie. */
  folder: string;
  /** Has it say that a namespace asks for too much, to whoever asks for work, or let all through again. */
  limit(on: boolean): void;
  /** How many requests it turned away for their key. */
  refused(): number;
  close(): Promise<void>;
}

/** A door before a Temporal that asks for nothing. The dev server knows neither TLS nor keys; gRPC passes as it is. */
export async function startSecuredTemporal(behind: string): Promise<SecuredTemporal> {
  const folder = mkdtempSync(join(tmpdir(), 'cmp-test-temporal-'));
  makeCertificates(folder);
  const read = (name: string) => readFileSync(join(folder, name));
  const upstream = http2.connect(`http://${behind}`);
  upstream.on('error', () => {});
  let refused = 0;
  let limited = false;
  const sessions = new Set<http2.ServerHttp2Session>();
  const server = http2.createSecureServer({
    key: read('broker.key'),
    cert: read('broker.pem'),
    ca: read('ca.pem'),
    requestCert: true,
    rejectUnauthorized: true,
  });
  server.on('session', (session) => {
    sessions.add(session);
    session.on('error', () => {});
    session.on('close', () => sessions.delete(session));
  });
  server.on('stream', (stream, headers) => {
    stream.on('error', () => {});
    if (headers.authorization !== `Bearer ${temporalApiKey}`) {
      refused++;
      const status = { 'grpc-status': '16', 'grpc-message': 'no such key' };
      stream.respond({ ':status': 200, 'content-type': 'application/grpc', ...status }, { endStream: true });
      return;
    }
    if (limited && /\/Poll\w+TaskQueue$/.test(headers[':path'] ?? '')) {
      const status = { 'grpc-status': '8', 'grpc-message': 'too many requests' };
      stream.respond({ ':status': 200, 'content-type': 'application/grpc', ...status }, { endStream: true });
      return;
    }
    const { ':scheme': _scheme, ...rest } = headers;
    const request = upstream.request({ ...rest, ':scheme': 'http', ':authority': behind });
    request.on('error', () => stream.close(http2.constants.NGHTTP2_CANCEL));
    stream.on('close', () => request.close(http2.constants.NGHTTP2_CANCEL));
    request.on('response', (answer, flags) => {
      // An error of gRPC may be headers alone.
      const endStream = (flags & http2.constants.NGHTTP2_FLAG_END_STREAM) !== 0;
      stream.respond(answer, endStream ? { endStream } : { waitForTrailers: true });
    });
    let trailers: http2.OutgoingHttpHeaders = {};
    request.on('trailers', (last) => {
      trailers = last;
    });
    stream.on('wantTrailers', () => stream.sendTrailers(trailers));
    stream.pipe(request);
    request.pipe(stream);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    folder,
    limit(on) {
      limited = on;
    },
    refused: () => refused,
    async close() {
      for (const session of sessions) session.destroy();
      upstream.destroy();
      await new Promise((closed) => server.close(closed));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
