"""Phases of stages, and the dates of opportunities, in a database that has both already.

Odoo computes a new stored field by walking every record. Here the columns are made first, and a statement or two fills
them, from what the chatter tracked. What stands in a column already is never overwritten, so running it twice changes
nothing.
"""
from odoo.tools import SQL


def fill(cr):
    """Make the columns of the pipeline that are not there yet and fill what is empty in them."""
    cr.execute(SQL("ALTER TABLE crm_stage ADD COLUMN IF NOT EXISTS kam_phase varchar"))
    cr.execute(SQL("""
        ALTER TABLE crm_lead ADD COLUMN IF NOT EXISTS kam_date_identified timestamp,
                             ADD COLUMN IF NOT EXISTS kam_date_qualified timestamp
    """))
    fill_phases(cr)
    fill_dates(cr)


def fill_phases(cr):
    """Guess the phase of each stage: won stages are won, the first stage of each team's pipeline is where
    opportunities are identified, in the others they are qualified. An administrator may say otherwise."""
    cr.execute(SQL("""
        WITH team AS (
            SELECT id FROM crm_team UNION ALL SELECT NULL
        ), first AS (
            SELECT DISTINCT ON (team.id) stage.id
              FROM team
              JOIN crm_stage stage
                ON EXISTS (SELECT FROM crm_stage_crm_team_rel
                            WHERE crm_stage_id = stage.id AND crm_team_id = team.id)
                OR NOT EXISTS (SELECT FROM crm_stage_crm_team_rel WHERE crm_stage_id = stage.id)
             WHERE stage.is_won IS NOT TRUE
             ORDER BY team.id, stage.sequence, stage.id
        )
        UPDATE crm_stage
           SET kam_phase = CASE WHEN is_won THEN 'won'
                                WHEN id IN (SELECT id FROM first) THEN 'identified'
                                ELSE 'qualified' END
         WHERE kam_phase IS NULL
    """))


def fill_dates(cr):
    """Say since when each opportunity, lost ones too, is identified and qualified.

    Identified: converted from a lead, else created. Qualified: since the last move out of the phase Identified, as
    the chatter tracked it. Before the first tracked move stood that move's old stage. A stage that has been deleted
    says nothing: the phase before it goes on. Without a tracked move the last change of stage counts, else the
    creation. Nobody qualifies before being identified.
    """
    # A table of its own, because PostgreSQL guesses badly how many moves there are and joins them lead by lead then.
    cr.execute(SQL("""
        CREATE TEMP TABLE kam_run AS
        WITH move AS (
            SELECT message.res_id AS lead, COALESCE(message.date, message.create_date) AS moment, value.id,
                   old.kam_phase AS old_phase, new.kam_phase AS new_phase
              FROM mail_tracking_value value
              JOIN ir_model_fields field
                ON field.id = value.field_id AND field.model = 'crm.lead' AND field.name = 'stage_id'
              JOIN mail_message message ON message.id = value.mail_message_id AND message.model = 'crm.lead'
              LEFT JOIN crm_stage old ON old.id = value.old_value_integer
              LEFT JOIN crm_stage new ON new.id = value.new_value_integer
        ), step AS (
            SELECT lead, moment, id, new_phase AS phase FROM move
            UNION ALL
            (SELECT DISTINCT ON (lead) lead, '-infinity', 0, old_phase FROM move ORDER BY lead, moment, id)
        ), known AS (
            SELECT lead, moment,
                   count(*) FILTER (WHERE phase = 'identified')
                       OVER (PARTITION BY lead ORDER BY moment DESC, id DESC) AS setbacks
              FROM step
             WHERE phase IS NOT NULL
        )
        SELECT lead, min(moment) AS since FROM known WHERE setbacks = 0 GROUP BY lead
    """))
    cr.execute(SQL("ANALYZE kam_run"))
    cr.execute(SQL("""
        WITH dated AS (
            SELECT lead.id, COALESCE(lead.date_conversion, lead.create_date) AS identified,
                   CASE WHEN stage.kam_phase IN ('qualified', 'won')
                        THEN COALESCE(run.since, lead.date_last_stage_update, lead.create_date) END AS qualified
              FROM crm_lead lead
              JOIN crm_stage stage ON stage.id = lead.stage_id
              LEFT JOIN kam_run run ON run.lead = lead.id
             WHERE lead.type = 'opportunity'
               AND (lead.kam_date_identified IS NULL
                    OR lead.kam_date_qualified IS NULL AND stage.kam_phase IN ('qualified', 'won'))
        )
        UPDATE crm_lead
           SET kam_date_identified = COALESCE(kam_date_identified, identified),
               kam_date_qualified = COALESCE(
                   kam_date_qualified,
                   CASE WHEN qualified IS NOT NULL
                        THEN GREATEST(qualified, COALESCE(kam_date_identified, identified)) END)
          FROM dated
         WHERE dated.id = crm_lead.id
    """))
    cr.execute(SQL("DROP TABLE kam_run"))
