"""The networks, samplers and losses of docs/networks.md, docs/diffusion.md and docs/losses.md in
PyTorch, written from those pages alone."""
