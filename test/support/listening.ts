import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { parentOf } from './parent-of.ts';

/** Where a process listens, as the kernel shows it. */
export interface Listening {
  pid: number;
  /** Command, shortened. */
  command: string;
  /** Such as `127.0.0.1`; `v6:…` where it is no IPv4 address. */
  host: string;
  port: number;
}

/** Every TCP port on which one of these processes listens. Linux only. */
export function listeningOf(pids: readonly number[]): Listening[] {
  return pids.flatMap((pid) => {
    const sockets = socketsOf(pid);
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').slice(0, 120);
    return ['tcp', 'tcp6'].flatMap((table) =>
      readFileSync(`/proc/${pid}/net/${table}`, 'utf8')
        .split('\n')
        .slice(1)
        .map((line) => line.trim().split(/\s+/))
        .filter((fields) => fields[3] === '0A' && sockets.has(fields[9] ?? ''))
        .map((fields) => ({ pid, command, ...addressOf(fields[1] ?? '') })),
    );
  });
}

/** The processes and all that they have started, and so on. */
export function withChildren(pids: readonly number[]): number[] {
  const parents = readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map((entry) => [Number(entry), parentOf(entry)] as const);
  const found = new Set(pids);
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const [pid, parent] of parents) if (found.has(parent)) found.add(pid);
  }
  return [...found];
}

function socketsOf(pid: number): Set<string> {
  const links = readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`);
    } catch {
      return [];
    }
  });
  return new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
}

function addressOf(hex: string): { host: string; port: number } {
  const [address = '', port = ''] = hex.split(':');
  const bytes = Buffer.from(address, 'hex').reverse();
  // An IPv4 address on an IPv6 socket is written with a prefix; each word of four bytes is turned around.
  const mapped = /^0{16}FFFF0000([0-9A-F]{8})$/.exec(address)?.[1];
  const v4 = mapped ? Buffer.from(mapped, 'hex').reverse() : bytes;
  return { host: v4.length === 4 ? v4.join('.') : `v6:${address}`, port: Number.parseInt(port, 16) };
}

/** Sends text to a port, and returns all that comes back until it is closed, or for a while. */
export function exchange({ host, port }: Listening, text: string, patienceMs = 1_500): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect({ host, port }, () => socket.write(text));
    const finish = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(finish, patienceMs);
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      answer += chunk;
    });
    socket.on('error', finish).on('close', finish);
  });
}
