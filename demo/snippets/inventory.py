"""Stock keeping for a small shop."""

import json
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Item:
    name: str
    price: float
    quantity: int = 0


@dataclass
class Inventory:
    items: dict[str, Item] = field(default_factory=dict)

    def add(self, item: Item) -> None:
        if item.name in self.items:
            raise ValueError(f"{item.name} is already in stock")
        self.items[item.name] = item

    def remove(self, name: str) -> Item:
        if name not in self.items:
            raise KeyError(name)
        return self.items.pop(name)

    def total_value(self) -> float:
        return sum(item.price * item.quantity for item in self.items.values())

    def restock(self, name: str, quantity: int) -> None:
        if name not in self.items:
            raise KeyError(name)
        ¦

    def save(self, path: Path) -> None:
        data = [vars(item) for item in self.items.values()]
        path.write_text(json.dumps(data, indent=2))
