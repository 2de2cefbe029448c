#!/usr/bin/env python3
"""Derives respondents.csv and margins.csv from the two files of the R package atus:
    derive.py atus_respondents_2003_2016.csv.gz atus_media_2003_2016.csv.gz
Totals are those of the file's own final weights, in persons (its weights are person-days of the year, which had 366 days)."""
import collections, csv, datetime, gzip, os, sys

here = os.path.dirname(os.path.abspath(__file__))
people = [r for r in csv.DictReader(gzip.open(sys.argv[1], "rt")) if r["tuyear"] == "2016"]
radio = collections.Counter()
for row in csv.DictReader(gzip.open(sys.argv[2], "rt")):
    if row["activity"] == "120305":
        radio[row["tucaseid"]] += int(row["minutes"])


def age(years):
    return next(name for under, name in ((25, "15-24"), (35, "25-34"), (50, "35-49"), (65, "50-64"), (999, "65+")) if years < under)


base = sum(float(p["wt"]) for p in people) / 366 / len(people)
cells, days = collections.Counter(), collections.Counter()
with open(os.path.join(here, "respondents.csv"), "w") as out:
    out.write("id,state,region,sex,age,day,base,final,radio,listened\n")
    for p in people:
        group, weight, minutes = age(int(p["age"])), float(p["wt"]) / 366, radio[p["tucaseid"]]
        day = datetime.date(2016, int(p["diary_mo"]), int(p["diary_day"])).strftime("%a")
        cells[f"{p['sex']}*{group}*{p['region']}"] += weight
        days[day] += weight
        out.write(f"{p['tucaseid']},{p['state']},{p['region']},{p['sex']},{group},{day},{base:.6f},{weight:.6f},{minutes},{'yes' if minutes else 'no'}\n")

whole = {cell: round(total) for cell, total in cells.items()}
week = {day: round(days[day]) for day in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
# Rounded to persons, the days differ from the cells by a person or two: the largest takes that.
week[max(week, key=week.get)] += sum(whole.values()) - sum(week.values())
with open(os.path.join(here, "margins.csv"), "w") as out:
    out.write("variable,level,total\n")
    for cell in sorted(whole):
        out.write(f"sex*age*region,{cell},{whole[cell]}\n")
    for day, total in week.items():
        out.write(f"day,{day},{total}\n")
