from . import kam_handover
from . import kam_handover_review
from . import kam_nomination_decision
from . import kam_rating_line_mixin
from . import kam_rating_sheet
from . import kam_rating_sheet_line
from . import kam_relationship_sheet
from . import kam_relationship_sheet_line
