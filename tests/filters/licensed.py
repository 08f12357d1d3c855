"""A table of made-up sources that may not be copied, for the filters' cases."""

import tempfile
from pathlib import Path

from ai_lsp.licences import table
from ai_lsp.licences.match import find
from ai_lsp.licences.store import Entry
from ai_lsp.licences.tokens import tokens

SOURCES = {
    "python": """import os
import sys
import collections
import itertools
import functools
import subprocess


def settle(accounts, ledger):
    balance = {}
    for name, amount in accounts:
        balance.setdefault(name, []).append(amount)
    for name, amounts in balance.items():
        total = sum(amounts) - ledger.fee(name)
        if total < ledger.floor:
            ledger.warn(name, total)
            continue
        ledger.post(name, total)
    return ledger.close(balance)


if __name__ == "__main__":
    main()
""",
    "typescript": """export class Settler {
  constructor(private ledger: Ledger, private floor = 0) {}

  settle(accounts: Account[]): Map<string, number> {
    const balance = new Map<string, number>();
    for (const account of accounts) {
      const before = balance.get(account.name) ?? 0;
      balance.set(account.name, before + account.amount);
    }
    balance.forEach((total, name) => this.ledger.post(name, total - this.floor));
    return balance;
  }
}
""",
    "go": """package settle

func Settle(accounts []Account, ledger *Ledger) (map[string]int, error) {
	balance := make(map[string]int, len(accounts))
	for _, account := range accounts {
		balance[account.Name] += account.Amount
	}
	for name, total := range balance {
		if err := ledger.Post(name, total-ledger.Fee); err != nil {
			return nil, fmt.Errorf("posting %s: %w", name, err)
		}
	}
	return balance, nil
}
""",
    "rust": """pub fn settle(accounts: &[Account], ledger: &mut Ledger) -> Result<HashMap<String, i64>> {
    let mut balance = HashMap::with_capacity(accounts.len());
    for account in accounts {
        *balance.entry(account.name.clone()).or_insert(0) += account.amount;
    }
    for (name, total) in &balance {
        ledger.post(name, total - ledger.fee)?;
        ledger.touch(name);
    }
    Ok(balance)
}
""",
    "java": """public Map<String, Long> settle(List<Account> accounts, Ledger ledger) {
    Map<String, Long> balance = new HashMap<>();
    for (Account account : accounts) {
        balance.merge(account.getName(), account.getAmount(), Long::sum);
    }
    for (Map.Entry<String, Long> entry : balance.entrySet()) {
        ledger.post(entry.getKey(), entry.getValue() - ledger.fee());
        ledger.touch(entry.getKey());
    }
    return balance;
}
""",
    "cpp": """std::map<std::string, long> settle(const std::vector<Account>& accounts, Ledger& ledger) {
    std::map<std::string, long> balance;
    for (const auto& account : accounts) {
        balance[account.name()] += account.amount();
    }
    for (const auto& [name, total] : balance) {
        ledger.post(name, total - ledger.fee());
        ledger.touch(name);
    }
    return balance;
}
""",
}


def _table():
    with tempfile.TemporaryDirectory() as folder:
        entries = [
            (
                Entry(f"/vendor/{language}/settle", 1, 1, "", "GPL-3.0-only", f"{language}-settle 1.0", 20),
                tokens(text, language),
            )
            for language, text in SOURCES.items()
        ]
        path = Path(folder) / "x.sqlite"
        table.write(path, 1, entries)
        return table.Table(table.newest_path(path))


TABLE = _table()


def copied(text, place):
    return find(text, place, [TABLE])
