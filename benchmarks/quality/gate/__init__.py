"""The gate's weights: examples collected, weights fitted to one half of them, figures of the other half."""
