/** Which of `total` partitions, subjects or shards one of `count` consumers reads: every count-th. */
export function shareOf(total: number, { index, count }: { index: number; count: number }): number[] {
  const share: number[] = [];
  for (let number = index; number < total; number += count) share.push(number);
  return share;
}
