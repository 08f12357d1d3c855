"""What is kept back or cut, one file a filter, each a pure function from a suggestion to a decision."""
