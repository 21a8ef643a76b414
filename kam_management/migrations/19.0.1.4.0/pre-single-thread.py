"""Whether all hangs on one person is kept in words, in which unknown is no "no"."""


def migrate(cr, version):
    cr.execute("""
        SELECT FROM information_schema.columns
         WHERE table_name = 'kam_relationship_score' AND column_name = 'is_single_thread' AND data_type = 'boolean'""")
    if not cr.rowcount:  # an addon from before there were relations
        return
    cr.execute("""
        ALTER TABLE kam_relationship_score ALTER COLUMN is_single_thread TYPE varchar
              USING CASE is_single_thread WHEN TRUE THEN 'yes' WHEN FALSE THEN 'no' END""")
    # Of a relation that nobody knows it was unknown, and was read as a no.
    cr.execute("UPDATE kam_relationship_score SET is_single_thread = NULL WHERE strength IS NULL")
