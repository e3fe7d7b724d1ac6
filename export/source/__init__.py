"""What is exported: networks, and what is known about how they were trained.

`reading.py` finds them in a model, a network, a `.keras` file or a run folder;
`roles.py` tells what each input is for; `source.py` holds what was found, and
`extra_input.py` how a further input is drawn.
"""

from kgan_export.source.reading import read_source as read_source
from kgan_export.source.source import Source as Source
