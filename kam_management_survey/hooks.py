"""What must happen before Odoo creates our columns, and what is taken along when the addon goes."""
from odoo.tools import SQL


def pre_init_hook(env):
    """Answers that are there already stand on the scale that their question has today: nothing else is known of them.

    One statement instead of the ORM, which would walk all answers one by one.
    """
    env.cr.execute(SQL("""
        ALTER TABLE survey_user_input_line
              ADD COLUMN IF NOT EXISTS kam_scale_min double precision,
              ADD COLUMN IF NOT EXISTS kam_scale_max double precision
    """))
    fill_scales(env.cr)


def fill_scales(cr):
    cr.execute(SQL("""
        UPDATE survey_user_input_line line
           SET kam_scale_min = scale.lowest, kam_scale_max = scale.highest
          FROM (SELECT id, scale_min AS lowest, scale_max AS highest
                  FROM survey_question WHERE question_type = 'scale'
                 UNION ALL
                SELECT id, validation_min_float_value, validation_max_float_value
                  FROM survey_question WHERE question_type = 'numerical_box' AND validation_required
                 UNION ALL
                SELECT choice.question_id, min(COALESCE(choice.answer_score, 0)), max(COALESCE(choice.answer_score, 0))
                  FROM survey_question_answer choice
                  JOIN survey_question asked ON asked.id = choice.question_id AND asked.question_type = 'simple_choice'
                 GROUP BY choice.question_id) AS scale
         WHERE scale.id = line.question_id AND scale.lowest < scale.highest
    """))


def uninstall_hook(env):
    """Surveys note in their own name that our wizard's models inherit what they extend."""
    env.cr.execute("""
        DELETE FROM ir_model_data
         WHERE model = 'ir.model.inherit' AND module != 'kam_management_survey'
           AND name ~ '^model_inherit__kam_survey_'""")
