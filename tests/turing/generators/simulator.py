"""A simulator for tests, in various moods.

    python simulator.py MOOD

Misbehaves where the first parameter is negative; `once` ends after each answer.
"""

import json
import random
import sys
import time

mood = sys.argv[1]
for line in sys.stdin:
    request = json.loads(line)
    mean, n = request["theta"][0], request["n"]
    source = random.Random(request["seed"])
    samples = [[source.gauss(mean, 0.5)] for _ in range(n)]
    if mean < 0:
        if mood == "hang":
            time.sleep(600)
        if mood == "crash":
            sys.exit(3)
        if mood == "garbage":
            print("Segmentation is fine\nreally")
        if mood == "nan":
            samples[0][0] = float("nan")
        if mood == "short":
            samples.pop()
    print(json.dumps(samples), flush=True)
    if mood == "once":
        break
