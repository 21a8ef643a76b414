# ruff: noqa: F821
"""Runs in Odoo's shell: values of KPIs on their way into the database, by the doors that the worker goes through.

Result: the seconds of each step, and what publishing said of the rows."""

import base64
import datetime
import gzip
import hashlib
import time

company = env.company
as_of = datetime.date.fromisoformat(params["as_of"])
accounts = env["res.partner"].create([
    {"name": f"Key account {number}", "is_company": True, "is_key_account": True}
    for number in range(params["accounts"])])
kpis = env["kam.kpi"].create([
    {"code": f"bench_{number}", "name": f"KPI {number}", "model_name": "crm.lead", "aggregate": "count",
     "date_field": "date_closed", "company_field": "company_id", "active": True} for number in range(params["kpis"])])
users = env["res.users"].with_context(no_reset_password=True)
worker = users.create({
    "name": "Worker", "login": "bench_worker", "company_id": company.id, "company_ids": [(6, 0, company.ids)],
    "group_ids": [(6, 0, env.ref("kam_management.group_kam_service").ids)]})
env.flush_all()
sync = env["kam.sync"].with_user(worker)
months = [as_of.replace(day=1)]
while len(months) < params["months"]:
    months.append((months[-1] - datetime.timedelta(days=1)).replace(day=1))


def batch(lines):
    text = "\n".join(lines) + "\n"
    return {"data": base64.b64encode(gzip.compress(text.encode())).decode(), "rows": len(lines) - 1,
            "sha256": hashlib.sha256(text.encode()).hexdigest()}


def values(shift):
    """One row per account, KPI and month; `shift` makes every one of them another."""
    lines = ["account_id,kpi_id,grain,period_start,period_end,value,target,pace,status,is_current"]
    for account in accounts.ids:
        for kpi in kpis.ids:
            for start in months:
                end = (start + datetime.timedelta(days=31)).replace(day=1) - datetime.timedelta(days=1)
                value = (account * 7 + kpi * 13 + start.month) % 1000 + shift
                lines.append(f"{account},{kpi},month,{start},{end},{value},500,{value / 500},green,{int(end >= as_of)}")
    return batch(lines)


def run(shift):
    begun = sync.begin("full", company.id, str(as_of), {"owner": "bench"})
    number, token = begun["run"], begun["token"]
    sync.prepare(number, token)
    rows = values(shift)
    scores = batch(["account_id,documents,margin_estimated,is_compared", *(f"{each},0,0,0" for each in accounts.ids)])
    portfolio = batch(["accounts,key_accounts,compared,unknown_revenue", "1,1,1,0"])
    sync.stage(number, token, "score", 1, scores)
    sync.stage(number, token, "portfolio", 1, portfolio)
    env.cr.commit()
    start = time.perf_counter()
    sync.stage(number, token, "kpi_value", 1, rows)
    env.cr.commit()
    staged = time.perf_counter()
    answer = sync.publish(number, token, {"tables": {
        "score": {"rows": scores["rows"], "batches": 1}, "portfolio": {"rows": 1, "batches": 1},
        "kpi_value": {"rows": rows["rows"], "batches": 1}}})
    env.cr.commit()
    return {"stage": staged - start, "publish": time.perf_counter() - staged, **answer["rollups"]["kpi_value"],
            "refused": answer["refused"]}


env.cr.commit()
result = {"first": run(0), "all changed": run(1), "nothing changed": run(1)}
