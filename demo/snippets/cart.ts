export interface Item {
  name: string;
  price: number;
  quantity: number;
}

export interface Discount {
  code: string;
  percent: number;
}

export class Cart {
  private items: Item[] = [];
  private discounts: Discount[] = [];

  add(item: Item): void {
    const existing = this.items.find((other) => other.name === item.name);
    if (existing) {
      existing.quantity += item.quantity;
      return;
    }
    this.items.push(item);
  }

  remove(name: string): void {
    this.items = this.items.filter((item) => item.name !== name);
  }

  isEmpty(): boolean {
    return this.items.length === 0;
  }

  subtotal(): number {
    return this.items.reduce((sum, item) => sum + item.price * item.quantity, 0);
  }

  total(): number {
    ¦
  }
}
