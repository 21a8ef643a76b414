from . import kam_handover
from . import kam_nomination_decision
