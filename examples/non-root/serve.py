from pathlib import Path

print(len(Path("model.bin").read_bytes()), "bytes of model")
