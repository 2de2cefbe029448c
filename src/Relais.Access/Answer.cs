using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Relais.Access;

/// <summary>Something wrong with what was asked.</summary>
/// <param name="Field">Name of the field it concerns, or empty when it concerns the whole.</param>
/// <param name="Code">Stable name; the words are in AccessTexts under "Fault.".</param>
/// <param name="Limit">The number that the words mention, if any.</param>
internal sealed record Fault(string Field, string Code, int Limit = 0);

/// <summary>How a change of accounts or groups ended.</summary>
internal abstract record Answer
{
    private Answer() { }

    internal sealed record Done(Guid Id, string? OneTimePassword = null) : Answer;

    internal sealed record Refused(IReadOnlyList<Fault> Faults) : Answer
    {
        public Refused(string field, string code) : this([new Fault(field, code)]) { }
    }

    /// <summary>What was to be changed is not there.</summary>
    internal sealed record Missing : Answer;
}

internal static class UniqueName
{
    /// <summary>Whether the save failed because somebody else holds the name that this index keeps unique.</summary>
    public static bool IsTaken(DbUpdateException failure, string index) =>
        failure.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } postgres
        && string.Equals(postgres.ConstraintName, index, StringComparison.Ordinal);

    /// <summary>The form in which names are compared: what looks the same is the same.</summary>
    public static string Normalize(string name) => name.Trim().Normalize(System.Text.NormalizationForm.FormKC).ToUpperInvariant();
}
