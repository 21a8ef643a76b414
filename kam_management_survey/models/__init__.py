from . import survey_user_input, kam_satisfaction_source, kam_settings, res_partner
