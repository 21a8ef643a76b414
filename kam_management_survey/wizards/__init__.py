from . import kam_survey_send, kam_survey_send_line
