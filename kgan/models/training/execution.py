import tensorflow as tf


def keep_order_of_updates():
    """Has TensorFlow read weights before their update where the step does.

    Its dependency optimizer drops the edge between the two where no data flows along,
    as from a bias to a penalty of gradients: that would see the bias before the
    update, or after, as threads have it.
    """
    tf.config.optimizer.set_experimental_options({"dependency_optimization": False})


class Execution:
    """How the train step becomes functions that `fit` calls.

    Attributes:
        due: Names of the lazy penalties that the step uses; None: the graph asks.
        rule_logs: The last logs, where a callable rule reads them; they are saved with
            the weights, so that a resumed run goes on with them.
    """

    due = None
    rule_logs = ()
    # How often players move in a step, a tuple of `kgan.schedules.Steps`.
    step_rules = ()

    def make_train_function(self, force=False):
        """Makes the function of a step; one for each plan of steps.

        A plan is what is known before the step and changes its graph: how often each
        player moves, and which lazy penalties are due, where that is not left to the
        graph (`due` is None).
        """
        numbers = self.step_rules
        lazy = [penalty for penalty in self.penalties if penalty.interval > 1]
        if self._decides_in_graph():
            lazy = []
        self.due = None if not lazy else ()
        if not lazy and all(number.fixed for number in numbers):
            return super().make_train_function(force)
        if self.train_function is None or force:
            functions = {}

            def train_function(iterator):
                step = int(self.step.numpy())
                for number in numbers:
                    number.update(step, dict(self.rule_logs))
                if lazy:
                    self.due = tuple(p.name for p in lazy if step % p.interval == 0)
                plan = (*(number.now for number in numbers), self.due)
                if plan not in functions:
                    functions[plan] = self._make_function(self.train_step)
                result = functions[plan](iterator)
                if any(callable(number.rule) for number in numbers):
                    self.rule_logs = [(n, float(v)) for n, v in result.items()]
                return result

            self.train_function = train_function
        return self.train_function

    def _decides_in_graph(self):
        """Whether a tf.cond may ask if a penalty is due, so that one graph serves all.

        Replicas cannot communicate under a tf.cond, and micro-batches cannot hand on
        what they computed there.
        """
        replicas = self.distribute_strategy.num_replicas_in_sync
        return replicas == 1 and self.gradient_accumulation_steps == 1

    def _maybe_symbolic_build(self, iterator=None, data_batch=None):
        """Does nothing: all is built by then, and Keras's fails on several workers."""
