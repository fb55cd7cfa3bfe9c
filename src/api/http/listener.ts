import { createServer, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import { HttpProblem } from './problems.ts';
import { dataHeaders } from './security-headers.ts';

/** What Node's parser refuses, by its error codes; everything else is a request that is not HTTP. */
const refusals: Record<string, HttpProblem> = {
  HPE_HEADER_OVERFLOW: new HttpProblem(
    431,
    'The address and the headers together are larger than 16 KiB; make them smaller.',
  ),
  ERR_HTTP_REQUEST_TIMEOUT: new HttpProblem(408, 'The request did not come in time; send it again.'),
};
const noAddress = new HttpProblem(
  400,
  'The address or the Host header cannot be used; send an absolute path, and one Host.',
);
const noHttp = new HttpProblem(400, 'This is no request in HTTP/1.1; see that the client sends one.');

/**
 * An HTTP server of an app. What is refused before the app sees it, such as headers that are too large, is answered with
 * problem details too.
 */
export function createApiServer(
  fetch: (request: Request, env: HttpBindings) => Response | Promise<Response>,
  hostname: string,
): Server {
  const listener = getRequestListener(
    (request, env) => {
      const { headers, httpVersion } = (env as HttpBindings).incoming;
      const lacksHost = headers.host === undefined && httpVersion !== '1.0';
      return lacksHost ? withHeaders(noAddress.toResponse()) : fetch(request, env as HttpBindings);
    },
    { hostname, errorHandler },
  );
  // Node would answer a request without a Host by itself.
  const server = createServer({ requireHostHeader: false }, listener);
  server.on('clientError', refuse);
  server.on('checkExpectation', async (_, response) => {
    const problem = new HttpProblem(417, 'Of Expect, only 100-continue can be met; leave it out.');
    const answer = problem.toResponse();
    response.writeHead(answer.status, { ...headersOf(answer), Connection: 'close' });
    response.end(await answer.text());
  });
  return server;
}

function errorHandler(error: unknown): Response {
  const isClients = (error as Error).name === 'RequestError';
  const defect = new HttpProblem(500, 'Something went wrong in the API; its log says what.');
  return withHeaders((isClients ? noAddress : defect).toResponse());
}

async function refuse(error: NodeJS.ErrnoException, socket: Duplex): Promise<void> {
  // Nobody is there to be told, or an answer is under way that a second would be taken for a part of.
  if (error.code === 'ECONNRESET' || !socket.writable || isAnswering(socket)) {
    socket.destroy();
    return;
  }
  const answer = (refusals[error.code ?? ''] ?? noHttp).toResponse();
  const body = await answer.text();
  const headers = { ...headersOf(answer), 'Content-Length': Buffer.byteLength(body), Connection: 'close' };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  socket.end(
    `HTTP/1.1 ${answer.status} ${answer.statusText || 'Refused'}\r\n${lines.join('\r\n')}\r\n\r\n${body}`,
  );
}

function withHeaders({ body, status, headers }: Response): Response {
  return new Response(body, { status, headers: { ...Object.fromEntries(headers), ...dataHeaders } });
}

function headersOf(answer: Response): Record<string, string> {
  return { ...Object.fromEntries(answer.headers), ...dataHeaders };
}

/** As Node itself tells. */
function isAnswering(socket: Duplex & { _httpMessage?: { headersSent: boolean } | null }): boolean {
  return socket._httpMessage?.headersSent ?? false;
}
