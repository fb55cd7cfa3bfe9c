import type { Expected } from '../../contracts/documents/api.ts';

/** What it writes, of what is free: `5.1 GB of 18 GB free`; of a search, what is certain and what it may come to. */
export function diskInWords({ diskBytes, mostDiskBytes, freeDiskBytes }: Expected): string {
  const certain = bytesInWords(diskBytes);
  const taken = mostDiskBytes > diskBytes ? `${certain} to ${bytesInWords(mostDiskBytes)}` : certain;
  return ofWhat(taken, freeDiskBytes, 'free');
}

/** What it takes of the memory: `1.2 GB of 24 GB in the machine`. */
export function memoryInWords({ memoryBytes, machineMemoryBytes }: Expected): string {
  return ofWhat(bytesInWords(memoryBytes), machineMemoryBytes, 'in the machine');
}

/** In thousands: `5.1 GB`. */
export function bytesInWords(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${(bytes / 1_000 ** power).toLocaleString('en-US', { maximumFractionDigits: 1 })} ${units[power]}`;
}

function ofWhat(taken: string, there: number | null, where: string): string {
  return there === null ? taken : `${taken} of ${bytesInWords(there)} ${where}`;
}
