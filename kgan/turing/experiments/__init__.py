"""The systems of the original experiments: an agent in the light, a robot swarm."""

from kgan.turing.experiments.light_agent import LightAgent as LightAgent
from kgan.turing.experiments.robot_swarm import RobotSwarm as RobotSwarm
