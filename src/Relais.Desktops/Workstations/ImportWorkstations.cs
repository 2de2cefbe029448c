using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Relais.Kernel.Audit;
using Relais.Kernel.Tables;

namespace Relais.Desktops.Workstations;

/// <summary>Something wrong in a file, where it stands.</summary>
/// <param name="Line">From 1, as an editor counts.</param>
/// <param name="Column">From 1, 0 for the whole line.</param>
internal sealed record ImportFault(int Line, int Column, FieldFault Fault);

/// <summary>What one line of a file will do.</summary>
internal sealed record ImportLine(int Line, string Name, Guid? Existing, WorkstationDraft Draft, IReadOnlyList<FieldChange> Changes)
{
    public bool IsNew => Existing is null;
}

/// <summary>Exactly what an import will do, before it does.</summary>
internal sealed record ImportPlan(IReadOnlyList<ImportLine> Lines, IReadOnlyList<ImportFault> Faults)
{
    public bool Ready => Faults.Count == 0 && Lines.Any(line => line.IsNew || line.Changes.Count > 0);

    /// <summary>Names this plan: when the workstations change between looking and saying yes, it is another one.</summary>
    public string Mark
    {
        get
        {
            var text = new StringBuilder();
            foreach (var line in Lines)
            {
                text.Append(CultureInfo.InvariantCulture, $"{line.Line}|{line.Name}|{line.Existing}|{string.Join(' ', line.Draft.Groups)}|{line.Draft with { Groups = [] }}\n");
                foreach (var change in line.Changes)
                    text.Append(CultureInfo.InvariantCulture, $"{change.Field}|{change.Before}|{change.After}\n");
            }

            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
        }
    }
}

/// <summary>Enrols and changes many workstations from a file of separated values. Nothing is removed, and nothing of the file is kept.</summary>
internal sealed class ImportWorkstations(DesktopsDb db, EditWorkstations edit)
{
    public const int LongestBytes = 512 * 1024;
    public const int MostLines = 2000;

    // The columns by what French and English spreadsheets call them.
    private static readonly Dictionary<string, string> Columns = new(StringComparer.OrdinalIgnoreCase)
    {
        ["name"] = nameof(WorkstationFields.Name), ["nom"] = nameof(WorkstationFields.Name),
        ["owner"] = nameof(WorkstationFields.Owner), ["proprietaire"] = nameof(WorkstationFields.Owner), ["propriétaire"] = nameof(WorkstationFields.Owner),
        ["groups"] = nameof(WorkstationFields.Groups), ["groupes"] = nameof(WorkstationFields.Groups),
        ["protocol"] = nameof(WorkstationFields.Protocol), ["protocole"] = nameof(WorkstationFields.Protocol),
        ["address"] = nameof(WorkstationFields.Host), ["adresse"] = nameof(WorkstationFields.Host),
        ["port"] = nameof(WorkstationFields.Port), ["mac"] = nameof(WorkstationFields.Mac), ["site"] = nameof(WorkstationFields.Site),
        ["clipboard"] = nameof(WorkstationFields.Clipboard), ["presse-papiers"] = nameof(WorkstationFields.Clipboard),
        ["recording"] = nameof(WorkstationFields.Recording), ["enregistrement"] = nameof(WorkstationFields.Recording),
        ["direct"] = nameof(WorkstationFields.Direct), ["enabled"] = nameof(WorkstationFields.Enabled), ["actif"] = nameof(WorkstationFields.Enabled),
    };

    public async Task<ImportPlan> PlanAsync(string text, CancellationToken cancel)
    {
        if (CsvTable.Read(text, out var openAt) is not { } records)
            return Wrong(openAt, 0, "quote");
        if (records.Count == 0)
            return Wrong(1, 0, "file-empty");
        if (records.Count > MostLines + 1)
            return Wrong(records[MostLines + 1].Line, 0, "file-long", MostLines);

        var faults = new List<ImportFault>();
        var columns = HeadOf(records[0], faults);
        if (faults.Count > 0)
            return new ImportPlan([], faults);
        return await PlanAsync(records.Skip(1).ToList(), columns, faults, cancel);
    }

    /// <summary>Does what the plan of this mark said, all of it in one transaction; null when it did, else the plan as it is now.</summary>
    public async Task<ImportPlan?> ApplyAsync(string text, string mark, Actor actor, CancellationToken cancel)
    {
        var plan = await PlanAsync(text, cancel);
        if (!plan.Ready || !string.Equals(plan.Mark, mark, StringComparison.Ordinal))
            return plan;

        var changed = new List<(Guid Id, IReadOnlyList<string> Fields)>();
        foreach (var line in plan.Lines)
        {
            if (line.Existing is not { } id)
                edit.Add(line.Draft, actor);
            else if (line.Changes.Count > 0 && await edit.FindAsync(id, cancel) is { } workstation)
                changed.Add((id, await edit.ApplyAsync(line.Draft, workstation, actor, cancel)));
        }

        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException e) when (e is DbUpdateConcurrencyException || EditWorkstations.NameIsTaken(e))
        {
            db.ChangeTracker.Clear();
            return await PlanAsync(text, cancel);
        }

        foreach (var (id, fields) in changed)
            await edit.EndSessionsAsync(id, fields, cancel);
        return null;
    }

    private async Task<ImportPlan> PlanAsync(List<CsvRecord> records, List<string> columns, List<ImportFault> faults, CancellationToken cancel)
    {
        var kept = await db.Workstations.AsNoTracking().Include(w => w.Groups).ToDictionaryAsync(w => w.NormalizedName, StringComparer.Ordinal, cancel);
        var rows = records.Select(record => (Record: record, Fields: FieldsOf(record, columns, kept, faults))).ToList();
        var names = await edit.NamesAsync(rows.Select(row => row.Fields), cancel);
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        var lines = new List<ImportLine>();
        foreach (var (record, fields) in rows)
        {
            var name = Workstation.Normalize(fields.Name ?? "");
            if (name.Length > 0 && !seen.TryAdd(name, record.Line))
            {
                faults.Add(new ImportFault(record.Line, ColumnOf(nameof(WorkstationFields.Name)), new FieldFault(nameof(WorkstationFields.Name), "twice", seen[name])));
                continue;
            }

            var existing = kept.GetValueOrDefault(name);
            switch (edit.Read(fields, names))
            {
                case Reading.Refused refused:
                    faults.AddRange(refused.Faults.Select(fault => new ImportFault(record.Line, ColumnOf(fault.Field), fault)));
                    break;
                case Reading.Accepted accepted:
                    lines.Add(LineOf(record, accepted.Draft, existing, columns));
                    break;
            }
        }

        return new ImportPlan(lines, [.. faults.OrderBy(fault => fault.Line).ThenBy(fault => fault.Column)]);

        int ColumnOf(string field) => columns.IndexOf(field) + 1;
    }

    private static ImportLine LineOf(CsvRecord record, WorkstationDraft draft, Workstation? existing, List<string> columns)
    {
        if (existing is null)
            return new ImportLine(record.Line, draft.Name, null, draft, []);
        // Kept by id: a column that is not there leaves even an owner or a group that has no name any more.
        if (!columns.Contains(nameof(WorkstationFields.Owner), StringComparer.Ordinal))
            draft = draft with { Owner = existing.OwnerId };
        if (!columns.Contains(nameof(WorkstationFields.Groups), StringComparer.Ordinal))
            draft = draft with { Groups = [.. existing.Groups.Select(g => g.GroupId).Order()] };
        var changes = draft.ApplyTo(existing);
        return new ImportLine(record.Line, draft.Name, existing.Id, draft, changes);
    }

    private static List<string> HeadOf(CsvRecord head, List<ImportFault> faults)
    {
        var columns = new List<string>();
        foreach (var (cell, column) in head.Cells.Select((cell, i) => (cell.Trim(), i + 1)))
        {
            if (!Columns.TryGetValue(cell, out var field))
                faults.Add(new ImportFault(head.Line, column, new FieldFault("", "column-unknown", cell)));
            else if (columns.Contains(field, StringComparer.Ordinal))
                faults.Add(new ImportFault(head.Line, column, new FieldFault(field, "column-twice", cell)));
            columns.Add(field ?? "");
        }

        if (faults.Count == 0 && (!columns.Contains(nameof(WorkstationFields.Name), StringComparer.Ordinal) || !columns.Contains(nameof(WorkstationFields.Host), StringComparer.Ordinal)))
            faults.Add(new ImportFault(head.Line, 0, new FieldFault("", "columns-missing")));
        return columns;
    }

    // A column that is not there keeps what is, or takes the default of a new one.
    private static WorkstationFields FieldsOf(
        CsvRecord record, List<string> columns, Dictionary<string, Workstation> kept, List<ImportFault> faults)
    {
        if (record.Cells.Count > columns.Count)
            faults.Add(new ImportFault(record.Line, columns.Count + 1, new FieldFault("", "cells", columns.Count)));
        var name = Cell(nameof(WorkstationFields.Name));
        var old = kept.GetValueOrDefault(Workstation.Normalize(name ?? ""));
        var groups = Cell(nameof(WorkstationFields.Groups));
        return new WorkstationFields(
            name,
            Cell(nameof(WorkstationFields.Owner)),
            groups?.Split('|'),
            Filled(Cell(nameof(WorkstationFields.Protocol))) ?? old?.Protocol.ToString() ?? WorkstationFields.New.Protocol,
            Cell(nameof(WorkstationFields.Host)),
            Cell(nameof(WorkstationFields.Port)) ?? old?.Port.ToString(CultureInfo.InvariantCulture),
            Cell(nameof(WorkstationFields.Mac)) ?? old?.Mac,
            Cell(nameof(WorkstationFields.Site)) ?? old?.Site,
            Cell(nameof(WorkstationFields.Clipboard)) ?? old?.Clipboard.ToString(),
            Claim(nameof(WorkstationFields.Direct), old?.Direct ?? WorkstationFields.New.Direct),
            Claim(nameof(WorkstationFields.Enabled), old?.Enabled ?? WorkstationFields.New.Enabled),
            Cell(nameof(WorkstationFields.Recording)) ?? old?.Recording.ToString());

        string? Cell(string field)
        {
            var at = columns.IndexOf(field);
            return at < 0 ? null : at < record.Cells.Count ? record.Cells[at].Trim() : "";
        }

        static string? Filled(string? cell) => string.IsNullOrEmpty(cell) ? null : cell;

        bool Claim(string field, bool otherwise)
        {
            switch (Cell(field)?.ToLowerInvariant())
            {
                case null or "":
                    return otherwise;
                case "oui" or "yes" or "true" or "1":
                    return true;
                case "non" or "no" or "false" or "0":
                    return false;
                default:
                    faults.Add(new ImportFault(record.Line, columns.IndexOf(field) + 1, new FieldFault(field, "yes-no")));
                    return otherwise;
            }
        }
    }

    private static ImportPlan Wrong(int line, int column, string code, object? detail = null) =>
        new([], [new ImportFault(line, column, new FieldFault("", code, detail))]);
}
