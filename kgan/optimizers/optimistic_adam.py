import keras


@keras.saving.register_keras_serializable(package="kgan")
class OptimisticAdam(keras.optimizers.Adam):
    """Adam that expects the next step to resemble the last: w ← w - 2·s + s'.

    s is Adam's step and s' the one before. In bilinear games, around whose equilibrium
    gradient descent cycles, optimistic updates converge. Arguments are Adam's.

    Reference:

    - [Daskalakis et al., 2018](https://arxiv.org/abs/1711.00141), Algorithm 1
    """

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self._last_steps = [
            self.add_variable_from_reference(variable, name="last_step")
            for variable in variables
        ]

    def update_step(self, gradient, variable, learning_rate):
        before = keras.ops.copy(variable)
        super().update_step(gradient, variable, learning_rate)
        step = before - variable
        last = self._last_steps[self._get_variable_index(variable)]
        self.assign(variable, before - 2 * step + last)
        self.assign(last, step)
