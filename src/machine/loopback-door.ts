import type { IncomingHttpHeaders } from 'node:http';

/** Whether a host, with or without a port, can only mean this machine. */
export function isLoopbackHost(host: string): boolean {
  const name = host.replace(/:\d+$/, '').toLowerCase();
  return name === 'localhost' || name === '[::1]' || name === '::1' || /^127(\.\d{1,3}){3}$/.test(name);
}

/**
 * Why a server of ours that only programs of this machine use refuses a request, or null. Whatever listens on loopback
 * is reached by every web page that the user visits; browsers mark such requests, and a name that an attacker resolves
 * to 127.0.0.1 stands in the Host header.
 */
export function loopbackRefusal(headers: IncomingHttpHeaders): string | null {
  // Node's own fetch sends `Sec-Fetch-Mode`; the site is said by browsers only.
  const fromPage = headers.origin !== undefined || headers['sec-fetch-site'] !== undefined;
  if (fromPage) return 'Requests of web pages are refused.';
  if (!isLoopbackHost(headers.host ?? '')) return 'The Host header must name this machine.';
  return null;
}

/**
 * Why a server of ours whose pages people open refuses a request, or null: as {@link loopbackRefusal}, but for its own pages,
 * and for links to it on pages elsewhere.
 */
export function foreignPageRefusal(headers: IncomingHttpHeaders, method: string): string | null {
  const { host = '', origin } = headers;
  if (!isLoopbackHost(host)) return 'The Host header must name this machine.';
  if (origin !== undefined && origin !== `http://${host}`) {
    return 'Requests of pages of another origin are refused.';
  }
  return isOfForeignPage(headers, method) ? 'Requests of pages of another origin are refused.' : null;
}

/** Whether a browser says that a page of another origin asks; not for a link on one, which shows its page to the person alone. */
export function isOfForeignPage(
  { 'sec-fetch-site': site = 'none', 'sec-fetch-dest': destination }: IncomingHttpHeaders,
  method: string,
): boolean {
  const isOwn = site === 'same-origin' || site === 'none';
  return !isOwn && !(method === 'GET' && destination === 'document');
}
