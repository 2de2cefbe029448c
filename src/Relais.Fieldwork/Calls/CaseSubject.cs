using System.Globalization;

namespace Relais.Fieldwork.Calls;

/// <summary>How a case is named to telephony: what its calls, and with them recordings, keep of it.</summary>
internal static class CaseSubject
{
    public const string Prefix = "case:";

    public static string Of(long id) => Prefix + id.ToString(CultureInfo.InvariantCulture);

    /// <summary>Null for the subject of something else.</summary>
    public static long? Read(string subject) =>
        subject.StartsWith(Prefix, StringComparison.Ordinal) && long.TryParse(subject.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
}
