import { existsSync } from 'node:fs';
import { connect } from 'node:net';

/** Whether something accepts connections on a loopback port. */
export function acceptsConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const finish = (accepted: boolean) => {
      socket.destroy();
      resolve(accepted);
    };
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
    // A full backlog answers nothing.
    socket.setTimeout(1_000, () => finish(false));
  });
}

/** Whether a ready file has been written. */
export function isWritten(file: string): boolean {
  return existsSync(file);
}
