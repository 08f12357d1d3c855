package ledger

import (
	"errors"
	"fmt"
	"time"
)

type Entry struct {
	Account string
	Amount  int64
	Time    time.Time
}

type Ledger struct {
	entries []Entry
}

var ErrUnknownAccount = errors.New("unknown account")

func (l *Ledger) Add(account string, amount int64) {
	l.entries = append(l.entries, Entry{Account: account, Amount: amount, Time: time.Now()})
}

func (l *Ledger) Accounts() []string {
	seen := map[string]bool{}
	var names []string
	for _, entry := range l.entries {
		if !seen[entry.Account] {
			seen[entry.Account] = true
			names = append(names, entry.Account)
		}
	}
	return names
}

func (l *Ledger) Transfer(from, to string, amount int64) error {
	if amount <= 0 {
		return fmt.Errorf("cannot transfer %d", amount)
	}
	l.Add(from, -amount)
	l.Add(to, amount)
	return nil
}

func (l *Ledger) Balance(account string) (int64, error) {
	¦
}
