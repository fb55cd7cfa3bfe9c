import type { AddressInfo } from 'node:net';
import { createApiServer } from '../../../src/api/http/listener.ts';
import { type TestApi, testApi } from '../../api/support/test-api.ts';

/** An API over fakes, served on a free port of the loopback interface. */
export async function servedApi(
  options: Parameters<typeof testApi>[0] = {},
): Promise<TestApi & { url: string; close(): Promise<void> }> {
  const api = testApi({ eventIntervalMs: 20, ...options });
  return await new Promise((resolve) => {
    const server = createApiServer(api.app.fetch, '127.0.0.1');
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      resolve({
        ...api,
        url: `http://127.0.0.1:${port}`,
        close: () =>
          new Promise((closed) => {
            api.stop.abort();
            server.close(() => closed());
            server.closeAllConnections();
          }),
      });
    });
  });
}
