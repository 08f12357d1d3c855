"""From a cursor to a suggestion: trigger, cache, debounce, prompt, stop rules and their order."""
