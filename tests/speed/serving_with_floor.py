"""`impuls serve` with the floor as one more feature, as a process: `python -m tests.speed.serving_with_floor`."""

from learning import app
from learning.cli import main
from tests.speed.floor import add_floor

if __name__ == "__main__":
    app.FEATURES = (*app.FEATURES, add_floor)
    main(["serve", "--port", "0"])
