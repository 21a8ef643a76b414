"""Workbooks of several sheets: read into rows, and written with lists to choose from. No Odoo in here."""
import datetime
import io
import zipfile
from dataclasses import dataclass, field

import openpyxl
import xlsxwriter

HEADER_ROW = 1
WIDEST = 60


class NotAWorkbook(Exception):
    """What was uploaded can't be read as an Excel workbook."""


@dataclass
class Sheet:
    """One sheet: its headings and its rows.

    :param rows: ``{number of the row in the file: {heading: value}}``, without empty rows and empty cells; texts are
                 stripped, days are `datetime.date`.
    """

    title: str
    headings: list = field(default_factory=list)
    rows: dict = field(default_factory=dict)


@dataclass
class Column:
    """A column to write.

    :param choices: what may be chosen in it; others are still accepted by the program, which says what is wrong.
    """

    heading: str
    hint: str = ""
    choices: tuple = ()


def read_workbook(content):
    """All sheets of an .xlsx file.

    :param bytes content: the file.
    :rtype: list[Sheet]
    :raises NotAWorkbook: if it is no such file.
    """
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, openpyxl.utils.exceptions.InvalidFileException) as error:
        raise NotAWorkbook(str(error)) from error
    return [_read_sheet(sheet) for sheet in book.worksheets]


def _read_sheet(source):
    rows = source.iter_rows(values_only=True)
    headings = [_cell(value) or "" for value in next(rows, ())]
    sheet = Sheet(source.title.strip(), [str(heading) for heading in headings if heading != ""])
    for number, values in enumerate(rows, HEADER_ROW + 1):
        cells = {}
        for heading, value in zip(headings, values, strict=False):
            value = _cell(value)
            if heading != "" and value is not None:
                cells[str(heading)] = value
        if cells:
            sheet.rows[number] = cells
    return sheet


def _cell(value):
    """A cell's value, or None for one that says nothing."""
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, str):
        return value.strip() or None
    return value


def write_workbook(sheets):
    """An .xlsx file.

    :param sheets: ``[(title, [Column], [[value]])]``; a value is a text, a number, a `datetime.date`, or None.
    :rtype: bytes
    """
    output = io.BytesIO()
    # Texts that begin with = or look like an address are texts, whoever wrote them.
    options = {'in_memory': True, 'strings_to_formulas': False, 'strings_to_urls': False}
    with xlsxwriter.Workbook(output, options) as book:
        head = book.add_format({'bold': True, 'bg_color': '#E6DFEA', 'bottom': 1, 'text_wrap': True, 'valign': 'top'})
        day = book.add_format({'num_format': 'yyyy-mm-dd'})
        for title, columns, rows in sheets:
            _write_sheet(book, book.add_worksheet(title[:31]), columns, rows, head, day)
    return output.getvalue()


def _write_sheet(book, sheet, columns, rows, head, day):
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column.heading, head)
        if column.hint:
            sheet.write_comment(0, place, column.hint, {'x_scale': 2})
        texts = [column.heading, *(str(row[place]) for row in rows if row[place] is not None)]
        sheet.set_column(place, place, min(WIDEST, max(12, *(len(text) + 2 for text in texts))))
        # A list in a cell holds 255 characters.
        if column.choices and len(",".join(column.choices)) <= 255:
            sheet.data_validation(1, place, 1000, place, {
                'validate': 'list', 'source': list(column.choices), 'error_type': 'information'})
    for number, row in enumerate(rows, 1):
        for place, value in enumerate(row):
            if isinstance(value, datetime.date):
                sheet.write_datetime(number, place, datetime.datetime.combine(value, datetime.time()), day)
            elif value is not None:
                sheet.write(number, place, value)
    sheet.freeze_panes(1, 1)
