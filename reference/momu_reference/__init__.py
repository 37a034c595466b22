"""The networks, samplers and losses of docs/MODEL.md in PyTorch, written from that page alone."""
