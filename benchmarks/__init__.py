"""One file per question; benchmarks/README.md says how to read and repeat the figures."""
