/** Name of the one consumer with enhanced fan-out that is registered for a stream of ours; terraform's modules make the same. */
export function fanOutConsumerName(streamName: string): string {
  return `${streamName}-0`;
}
