import { serve } from '@hono/node-server';
import { type TestApi, testApi } from '../../api/support/test-api.ts';

/** An API over fakes, served on a free port of the loopback interface. */
export async function servedApi(
  options: Parameters<typeof testApi>[0] = {},
): Promise<TestApi & { url: string; close(): Promise<void> }> {
  const api = testApi({ eventIntervalMs: 20, ...options });
  return await new Promise((resolve) => {
    const server = serve({ fetch: api.app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) => {
      resolve({
        ...api,
        url: `http://127.0.0.1:${port}`,
        close: () =>
          new Promise((closed) => {
            api.stop.abort();
            server.close(() => closed());
            if ('closeAllConnections' in server) server.closeAllConnections();
          }),
      });
    });
  });
}
