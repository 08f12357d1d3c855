// What is typed in the tests: so regular that every model, and every file format of it, continues it alike.
export const TEXT = `class Point:
    def get_alpha(self):
        """Return alpha."""
        return self.alpha

    def get_beta(self):
        """Return beta."""
        return self.beta

    def get_gamma(self):
        """Return gamma."""
        return self.gamma

`;
export const BODY = '"""Return delta."""\n        return self.delta';
export const KEYS = "    def get_delta(self):";
