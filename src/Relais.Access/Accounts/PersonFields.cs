using System.Net.Mail;
using System.Text.RegularExpressions;
using Relais.Access.Contracts;
using Relais.Portal;

namespace Relais.Access.Accounts;

/// <summary>What is typed about a person, as it was typed.</summary>
internal sealed record PersonFields(
    string? UserName, string? DisplayName, string? Email, string? Language, string? KeyboardLayout, string? LastDay,
    IReadOnlyList<string>? Roles, IReadOnlyList<Guid>? Groups, string? Site = null, string? Phone = null, string? Bundle = null)
{
    /// <summary>The day that is already kept, which may be past: only a new date must be to come.</summary>
    internal DateOnly? KeptLastDay { get; init; }

    public IReadOnlyList<Fault> Check(DateOnly today)
    {
        var faults = new List<Fault>();
        Add(nameof(UserName), PersonRules.UserName(UserName));
        Add(nameof(DisplayName), PersonRules.Name(DisplayName));
        Add(nameof(Email), PersonRules.Email(Email));
        if (!PortalLanguages.All.Contains(Language ?? "", StringComparer.Ordinal))
            Add(nameof(Language), "choice");
        if (!KeyboardLayouts.All.Contains(KeyboardLayout ?? "", StringComparer.Ordinal))
            Add(nameof(KeyboardLayout), "choice");
        Add(nameof(LastDay), CheckLastDay(today));
        Add(nameof(Site), PersonRules.Note(Site, Person.SiteLength));
        Add(nameof(Phone), PersonRules.Phone(Phone));
        if (Roles is { } roles && roles.Except(Contracts.Roles.All, StringComparer.Ordinal).Any())
            Add(nameof(Roles), "choice");
        else if (Roles is not { Count: > 0 })
            Add(nameof(Roles), "role-empty");
        return faults;

        void Add(string field, string? code)
        {
            if (code is not null)
                faults.Add(new Fault(field, code, PersonRules.LimitOf(field)));
        }
    }

    private string? CheckLastDay(DateOnly today)
    {
        if (string.IsNullOrWhiteSpace(LastDay))
            return Roles?.Contains(Contracts.Roles.Contractor, StringComparer.Ordinal) == true ? "contractor-date" : null;
        if (InstituteCalendar.Parse(LastDay) is not { } day)
            return "date";
        return day < today && day != KeptLastDay ? "date-past" : null;
    }

    /// <summary>Site, telephone and bundle stay as they are when they are null.</summary>
    public void ApplyTo(Person person, InstituteCalendar calendar)
    {
        person.UserName = UserName?.Trim();
        person.NormalizedUserName = UniqueName.Normalize(UserName ?? "");
        person.DisplayName = (DisplayName ?? "").Trim();
        person.Email = string.IsNullOrWhiteSpace(Email) ? null : Email.Trim();
        person.NormalizedEmail = person.Email is null ? null : UniqueName.Normalize(person.Email);
        person.Language = Language ?? person.Language;
        person.KeyboardLayout = KeyboardLayout ?? person.KeyboardLayout;
        person.ExpiresAt = InstituteCalendar.Parse(LastDay) is { } day ? calendar.EndOf(day) : null;
        person.Roles = [.. Contracts.Roles.All.Where(role => Roles?.Contains(role, StringComparer.Ordinal) == true)];
        person.Site = Kept(Site, person.Site);
        person.Phone = Kept(Phone, person.Phone);
        person.Bundle = Kept(Bundle, person.Bundle);

        static string? Kept(string? typed, string? before) => typed is null ? before : string.IsNullOrWhiteSpace(typed) ? null : typed.Trim();
    }
}

/// <summary>What names may be. Each answers the code of what is wrong, or null.</summary>
internal static partial class PersonRules
{
    public static string? UserName(string? typed)
    {
        if (string.IsNullOrWhiteSpace(typed))
            return "empty";
        if (typed.Trim().Length > AccessModel.UserNameLength)
            return "long";

        // The system account of a person's desktop is named after it.
        return UserNameForm().IsMatch(typed.Trim()) ? null : "user-name";
    }

    public static string? Name(string? typed, int limit = Person.NameLength)
    {
        if (string.IsNullOrWhiteSpace(typed))
            return "empty";
        if (typed.Trim().Length > limit)
            return "long";
        return typed.Any(c => char.IsControl(c) || IsDirectionOverride(c)) ? "characters" : null;
    }

    public static string? Note(string? typed, int limit) => string.IsNullOrWhiteSpace(typed) ? null : Name(typed, limit);

    public static string? Phone(string? typed)
    {
        if (string.IsNullOrWhiteSpace(typed))
            return null;
        if (typed.Trim().Length > Person.PhoneLength)
            return "long";
        return PhoneForm().IsMatch(typed.Trim()) ? null : "phone";
    }

    public static string? Email(string? typed)
    {
        if (string.IsNullOrWhiteSpace(typed))
            return null;
        var address = typed.Trim();
        if (address.Length > AccessModel.EmailLength)
            return "long";
        return MailAddress.TryCreate(address, out var parsed) && string.Equals(parsed.Address, address, StringComparison.Ordinal)
            && parsed.Host.Contains('.', StringComparison.Ordinal) && !address.Any(c => char.IsWhiteSpace(c) || char.IsControl(c))
            ? null
            : "email";
    }

    public static int LimitOf(string field) => field switch
    {
        nameof(PersonFields.UserName) => AccessModel.UserNameLength,
        nameof(PersonFields.DisplayName) => Person.NameLength,
        nameof(PersonFields.Email) => AccessModel.EmailLength,
        nameof(PersonFields.Site) => Person.SiteLength,
        nameof(PersonFields.Phone) => Person.PhoneLength,
        _ => 0,
    };

    // They make a name read as another one.
    private static bool IsDirectionOverride(char c) => c is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]+\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex UserNameForm();

    [GeneratedRegex(@"^\+?[0-9][0-9 ().-]{3,}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PhoneForm();
}
