import type { ProxyOptions } from 'vite';
import { pageOptions } from './build-page.ts';

/** What the page asks of the API; everything else is the page's own. */
const ofApi = ['/api', '/openapi.json', '/docs', '/healthz', '/readyz', '/metrics'];

/** A page that is served as its sources are, and reloads when they change. */
export interface ServedPage {
  url: string;
  close(): Promise<void>;
}

/**
 * Serves the page from its sources, on loopback, with the API of a stack that runs behind it.
 * @param port the first to try
 */
export async function servePage(apiUrl: string, port: number): Promise<ServedPage> {
  const { createServer } = await import('vite');
  const behind: ProxyOptions = {
    target: apiUrl,
    changeOrigin: true,
    configure: (proxy) =>
      proxy.on('proxyReq', (onward, { headers }) => {
        // The API takes requests of its own page alone, for which this one stands in; of no other.
        if (headers.origin === `http://${headers.host}`) onward.setHeader('origin', new URL(apiUrl).origin);
      }),
  };
  const server = await createServer({
    ...pageOptions(),
    server: {
      host: '127.0.0.1',
      port,
      proxy: Object.fromEntries(ofApi.map((path) => [path, behind])),
    },
  });
  await server.listen();
  const [url = `http://127.0.0.1:${port}/`] = server.resolvedUrls?.local ?? [];
  return { url, close: () => server.close() };
}
