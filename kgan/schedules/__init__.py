"""Numbers that change while a model is trained: one class a file."""

from kgan.schedules.balance import Balance as Balance
from kgan.schedules.growth import Growth as Growth
from kgan.schedules.scaled import Scaled as Scaled
from kgan.schedules.steps import Steps as Steps
