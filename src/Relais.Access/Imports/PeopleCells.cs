using System.Globalization;
using Relais.Access.Accounts;

namespace Relais.Access.Imports;

/// <summary>How cells are meant that people write in more than one way, and which column a rule of persons is about.</summary>
internal static class PeopleCells
{
    private static readonly string[] Days = ["yyyy-MM-dd", "dd/MM/yyyy", "d/M/yyyy", "dd.MM.yyyy"];

    /// <summary>A day as a date field sends it; what is no day stays as it is, and is refused as such.</summary>
    public static string Day(string typed) => DateOnly.TryParseExact(typed, Days, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
        ? day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
        : typed;

    /// <summary>A language by its code, whatever its case; null when nothing stands there.</summary>
    public static string? Language(string? typed) => string.IsNullOrEmpty(typed) ? null : typed.ToLowerInvariant() switch
    {
        "fr" or "français" or "francais" or "french" => "fr",
        "en" or "anglais" or "english" => "en",
        _ => typed,
    };

    /// <summary>The column of a rule of <see cref="PersonFields"/>, and the code of the words for a file.</summary>
    public static (string Column, string Code) Rule(Fault fault) => fault.Field switch
    {
        nameof(PersonFields.UserName) => (PeopleColumns.UserName, fault.Code),
        nameof(PersonFields.DisplayName) => (PeopleColumns.Name, fault.Code),
        nameof(PersonFields.Email) => (PeopleColumns.Mail, fault.Code),
        nameof(PersonFields.Language) => (PeopleColumns.Language, "language-unknown"),
        nameof(PersonFields.LastDay) => (PeopleColumns.Until, fault.Code is "date-past" ? "contractor-expired" : fault.Code),
        nameof(PersonFields.Site) => (PeopleColumns.Site, fault.Code),
        nameof(PersonFields.Phone) => (PeopleColumns.Phone, fault.Code),
        nameof(PersonFields.Roles) => (PeopleColumns.Roles, fault.Code),
        _ => ("", fault.Code),
    };
}
