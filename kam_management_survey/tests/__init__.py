from . import test_survey_source
from . import test_kam_survey_send
from . import test_survey_invitation
from . import test_tours_survey
from . import test_translations
from . import test_survey_confidential
