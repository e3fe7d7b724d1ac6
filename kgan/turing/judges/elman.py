"""Elman's recurrent network as an evolvable judge."""

import numpy as np


class Elman:
    """Recurrent network of sigmoid units, whose parameters are evolved.

    Hidden units see the features of a time step and the hidden units of the step
    before; their state is reset at the start of a trial. The first output at the last
    step is the score. Further outputs, if any, are controls of an interrogation.

    Args:
        hidden: Number of hidden units.
        controls: Number of further outputs, in (0, 1).

    Reference:

    - [Li et al., 2016](https://arxiv.org/abs/1603.04904), section 3
    """

    def __init__(self, hidden=5, controls=0):
        self.hidden, self.controls = hidden, controls

    def n_params(self, features):
        """Returns the number of parameters for trials of `features` features."""
        outputs = 1 + self.controls
        return self.hidden * (features + self.hidden + 1) + outputs * (self.hidden + 1)

    def score(self, params, trials):
        """Returns scores of trials by many networks.

        Args:
            params: Array `[judges, n_params]`.
            trials: Array `[n, steps, features]`, seen by all of them; or an array
                `[judges, n, steps, features]` of trials for each.

        Returns:
            Array `[judges, n]` in (0, 1); 0.5 or more means genuine.
        """
        weights = self._unpack(np.asarray(params, float), trials.shape[-1])
        state = np.zeros((len(params), trials.shape[-3], self.hidden))
        for t in range(trials.shape[-2]):
            state = self._step(weights, state, trials[..., t, :])
        return self._output(weights, state)[..., 0]

    def query(self, params, n):
        """Returns a query for `judges * n` subjects, `n` for each network in turn."""
        return _Query(self, np.asarray(params, float), n)

    def _unpack(self, params, features):
        """Returns input, recurrent, and output weights, the last row being biases."""
        rows = (features + self.hidden + 1, self.hidden + 1)
        columns = (self.hidden, 1 + self.controls)
        hidden, output = np.split(params, [rows[0] * columns[0]], axis=1)
        hidden = hidden.reshape(-1, rows[0], columns[0])
        output = output.reshape(-1, rows[1], columns[1])
        return hidden[:, :features], hidden[:, features:-1], hidden[:, -1:], output

    def _step(self, weights, state, x):
        inputs, recurrent, bias, _ = weights
        return sigmoid(x @ inputs + state @ recurrent + bias)

    def _output(self, weights, state):
        output = weights[3]
        return sigmoid(state @ output[:, :-1] + output[:, -1:])


def sigmoid(x):
    """Returns 1 / (1 + exp(-x)), three times as fast as SciPy's `expit`."""
    y = np.tanh(x / 2)
    y += 1
    y /= 2
    return y


class _Query:
    """Networks that watch subjects step by step and tell what to try next."""

    def __init__(self, elman, params, n):
        self.elman, self.params = elman, params
        self.state = np.zeros((len(params), n, elman.hidden))
        self.weights = None

    def __call__(self, observation):
        if self.weights is None:
            self.weights = self.elman._unpack(self.params, observation.shape[-1])
        x = observation.reshape(*self.state.shape[:2], -1)
        self.state = self.elman._step(self.weights, self.state, x)
        controls = self.elman._output(self.weights, self.state)[..., 1:]
        return controls.reshape(len(observation), -1)
