using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Relais.Access.Accounts;

namespace Relais.Access.Imports;

/// <summary>What one line will change, as people read it.</summary>
/// <param name="Field">One of <see cref="PeopleColumns"/>.</param>
internal sealed record ImportChange(string Field, string Before, string After);

/// <summary>What one line will do.</summary>
/// <param name="Existing">The person whom it is about; null for a new one.</param>
internal sealed record ImportLine(int Line, Guid? Existing, PersonFields Fields, IReadOnlyList<ImportChange> Changes)
{
    public bool IsNew => Existing is null;
}

/// <summary>Somebody who may sign in and is not in the list: left alone.</summary>
internal sealed record AbsentPerson(Guid Id, string UserName, string Name);

/// <summary>Exactly what an import will do, before it does.</summary>
internal sealed record ImportPlan(IReadOnlyList<ImportLine> Lines, IReadOnlyList<ImportFault> Faults, IReadOnlyList<AbsentPerson> Absent)
{
    public int Created => Lines.Count(line => line.IsNew);

    public int Changed => Lines.Count(line => !line.IsNew && line.Changes.Count > 0);

    public int Unchanged => Lines.Count(line => !line.IsNew && line.Changes.Count == 0);

    /// <summary>Whether there is something to do, and nothing against it.</summary>
    public bool Ready => Faults.Count == 0 && Created + Changed > 0;

    /// <summary>Names this plan: when people change between looking and saying yes, it is another one.</summary>
    public string Mark => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(
        Lines.Where(line => line.IsNew || line.Changes.Count > 0).Select(line => new { line.Existing, line.Fields, line.Changes })))));
}

/// <summary>What came of an import.</summary>
internal abstract record ImportOutcome(ImportPlan Plan)
{
    /// <summary>All of it was done, in one transaction; perhaps there was nothing to do.</summary>
    internal sealed record Done(ImportPlan Plan) : ImportOutcome(Plan);

    /// <summary>Nothing was done: the plan's faults say why.</summary>
    internal sealed record Refused(ImportPlan Plan) : ImportOutcome(Plan);

    /// <summary>Nothing was done: people changed since the plan that was agreed to. This is the new one.</summary>
    internal sealed record Overtaken(ImportPlan Plan) : ImportOutcome(Plan);
}
