"""What tests of pages share: the sample courses and how a form says where it comes from."""

from pathlib import Path

SAMPLES = Path(__file__).resolve().parent / "samples" / "courses"
ORIGIN = {"Origin": "http://localhost"}
