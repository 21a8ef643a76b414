from . import kam_contact_log
from . import kam_handover
from . import kam_nomination_decision
from . import kam_rating_sheet
from . import kam_rating_sheet_line
from . import kam_workbook_sheets
from . import kam_workbook
