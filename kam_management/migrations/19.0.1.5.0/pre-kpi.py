"""What has to be out of the way before the new KPIs are loaded."""
import logging
from itertools import count
from pathlib import Path

from lxml import etree
from odoo.tools import SQL, file_path

_logger = logging.getLogger(__name__)


def migrate(cr, version):
    # KPIs are shown by month, quarter or year; days and weeks were offered and never used.
    cr.execute("UPDATE kam_kpi SET grain = 'month' WHERE grain IN ('day', 'week')")
    make_room(cr, shipped_codes())


def shipped_codes():
    """The codes of all KPIs that come with the addon."""
    folder = Path(file_path('kam_management/data'))
    return [field.text for path in sorted(folder.glob('kam_kpi*.xml'))
            for field in etree.parse(path).iterfind('.//record[@model="kam.kpi"]/field[@name="code"]')]


def make_room(cr, codes):
    """Give KPIs of the customer's own another code where one that ships now has theirs. Nothing else names a code yet:
    formulas are new."""
    cr.execute(SQL("""
        SELECT kpi.id, kpi.code FROM kam_kpi kpi
         WHERE kpi.code IN %(codes)s
           AND NOT EXISTS (SELECT FROM ir_model_data data
                            WHERE data.model = 'kam.kpi' AND data.module = 'kam_management' AND data.res_id = kpi.id)
         ORDER BY kpi.id""", codes=tuple(codes)))
    own = cr.fetchall()
    if not own:
        return
    cr.execute("SELECT code FROM kam_kpi")
    taken = {code for (code,) in cr.fetchall()} | set(codes)
    for number, code in own:
        new = next(name for name in names_like(code) if name not in taken)
        taken.add(new)
        cr.execute(SQL("UPDATE kam_kpi SET code = %s WHERE id = %s", new, number))
        _logger.info("The code %s belongs to a KPI of the addon now: yours with that code is %s.", code, new)


def names_like(code):
    """A code, again and again in another way."""
    yield f'{code}_own'
    yield from (f'{code}_own_{number}' for number in count(2))
