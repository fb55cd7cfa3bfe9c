const firstCapacity = 64;

/** A queue that takes and gives without moving what waits in it. */
export class Fifo<Item> {
  length = 0;
  private items: (Item | undefined)[] = new Array(firstCapacity).fill(undefined);
  private first = 0;

  push(item: Item): void {
    if (this.length === this.items.length) this.grow();
    this.items[this.place(this.length++)] = item;
  }

  /** The oldest item, which stays. */
  peek(): Item | undefined {
    return this.length === 0 ? undefined : this.items[this.first];
  }

  shift(): Item | undefined {
    if (this.length === 0) return undefined;
    const item = this.items[this.first];
    this.items[this.first] = undefined;
    this.first = this.place(1);
    this.length--;
    return item;
  }

  /** The capacity is a power of two. */
  private place(position: number): number {
    return (this.first + position) & (this.items.length - 1);
  }

  private grow(): void {
    const { items, first } = this;
    const more = new Array<Item | undefined>(items.length).fill(undefined);
    this.items = [...items.slice(first), ...items.slice(0, first), ...more];
    this.first = 0;
  }
}
