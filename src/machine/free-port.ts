import { connect, createServer } from 'node:net';

/** Whether nothing listens on a port of this machine, and we could. */
export async function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  // Some systems let us bind beside a server that listens on all interfaces, so we also knock.
  return !(await answers(port)) && (await canListen(port, host));
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const finish = (result: boolean) => {
      socket.destroy();
      resolve(result);
    };
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
    socket.setTimeout(1_000, () => finish(false));
  });
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
