import { processesOf } from '../faults/world/processes.ts';
import { exchange, type Listening, listeningOf, withChildren } from './listening.ts';

const body = '{"workflowType":{"name":"x"},"taskQueue":{"name":"q"}}\r\nPUB x 1\r\na\r\nPING\r\n';
const workflowPath = '/api/v1/namespaces/default/workflows/evil';

function httpRequest(method: string, path: string, headers: Record<string, string>, text = ''): string {
  const all = { ...headers, ...(text ? { 'Content-Length': String(text.length) } : {}), Connection: 'close' };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${text}`;
}

/** What a browser sends for a page of another origin, and for one whose name was made to point to this machine. */
function foreignRequests({ host, port }: Listening): Record<string, string> {
  const here = `${host}:${port}`;
  const rebound = { Host: `evil.example:${port}` };
  const page = { Host: here, Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' };
  const plain = { 'Content-Type': 'text/plain' };
  return {
    'a form': httpRequest('POST', workflowPath, { ...page, ...plain }, body),
    'a form of a sandboxed frame': httpRequest(
      'POST',
      workflowPath,
      { ...page, Origin: 'null', ...plain },
      body,
    ),
    'a preflight': httpRequest('OPTIONS', workflowPath, { ...page, 'Access-Control-Request-Method': 'PUT' }),
    'a rebound read': httpRequest('GET', '/api/v1/namespaces', rebound),
    'a rebound page': httpRequest('GET', '/', rebound),
    'a rebound form': httpRequest(
      'POST',
      workflowPath,
      { ...rebound, Origin: `http://evil.example:${port}`, 'Sec-Fetch-Site': 'same-origin', ...plain },
      body,
    ),
  };
}

/** What is wrong with an answer to a stranger's page; null when it was refused, or nobody there speaks HTTP. */
function objection(answer: string): string | null {
  if (/access-control-allow-origin/i.test(answer)) return 'it allows another origin to read';
  if (/\bPONG\b|\+OK/.test(answer)) return 'it obeys commands in the body';
  const status = /^HTTP\/1\.[01] (\d)/.exec(answer)?.[1];
  return status === undefined || status === '4' || status === '5'
    ? null
    : `it answers: ${answer.slice(0, 60)}`;
}

/** Asks ports what a web page that the user visits could ask: objections to any answer; and whose ports hand out figures. */
export async function askAsStranger(
  ports: Listening[],
): Promise<{ objections: string[]; metrics: number[] }> {
  const objections: string[] = [];
  const metrics: number[] = [];
  for (const one of ports) {
    const where = `${one.host}:${one.port} of ${one.command}`;
    if (!one.host.startsWith('127.')) objections.push(`${where} is not on loopback`);
    const requests = Object.entries(foreignRequests(one));
    const answers = await Promise.all(requests.map(([, text]) => exchange(one, text)));
    for (const [index, answer] of answers.entries()) {
      const problem = objection(answer);
      if (problem) objections.push(`${where}, ${requests[index]?.[0]}: ${problem}`);
    }
    const figures = await exchange(one, httpRequest('GET', '/metrics', { Host: 'evil.example' }));
    // No page can read them without a rebound name, and they say nothing but numbers of workflows and calls.
    if (/^HTTP\/1\.[01] 200/.test(figures)) metrics.push(one.pid);
    if (/access-control-allow-origin/i.test(figures))
      objections.push(`${where} lets any origin read its metrics`);
  }
  return { objections, metrics };
}

/** Where what an experiment started on this machine listens. */
export function whatListens(home: string, experimentId: string): Listening[] {
  return listeningOf(withChildren(processesOf(home, experimentId).map(({ identity }) => identity.pid)));
}
