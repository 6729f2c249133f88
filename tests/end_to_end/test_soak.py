"""Some seconds of chaos; by the hour it is scripts/soak.sh."""

import sys
import time
import unittest

from soak import Soak

USUAL, USUAL_SEED = 20.0, 1


class Chaos(Soak):
    def test_a_show_survives_a_misfortune_a_second(self):
        arguments = sys.argv[1:]
        seconds, seed = USUAL, USUAL_SEED
        if arguments:
            seconds = float(arguments[0])
            seed = int(arguments[1]) if len(arguments) > 1 else int(time.time())
        report = self.soak(seconds, seed)
        print(report)
        self.assertEqual(self.problems, [], f"\n{report}")
        self.assertGreaterEqual(sum(self.counts.values()), seconds / 2)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
