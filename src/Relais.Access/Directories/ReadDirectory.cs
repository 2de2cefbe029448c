using System.Globalization;

namespace Relais.Access.Directories;

/// <summary>Somebody as the directory has them.</summary>
internal sealed record DirectoryEntry(
    string Name, string Key, string UserName, string DisplayName, string Mail, string? Phone, string? Site, bool Disabled, IReadOnlyList<string> Groups);

internal abstract record DirectoryAnswer
{
    private DirectoryAnswer() { }

    /// <param name="Twice">Names that more than one group has.</param>
    internal sealed record Read(IReadOnlyList<DirectoryEntry> People, IReadOnlySet<string> Groups, IReadOnlySet<string> Twice) : DirectoryAnswer;

    internal sealed record Failed(DirectoryTrouble Trouble, string Detail) : DirectoryAnswer;
}

/// <summary>Asks the directory for everybody and for who is in which group. Nothing is written there, ever.</summary>
internal sealed class ReadDirectory(DirectorySecrets secrets, TimeProvider clock)
{
    private const string AccountControl = "userAccountControl";
    private const int AccountDisabled = 2;
    private const string GroupName = "cn";

    public async Task<DirectoryAnswer> HandleAsync(DirectorySource source, CancellationToken cancel)
    {
        try
        {
            await using var connection = await LdapConnection.OpenAsync(source.Host, source.Port, source.Security, source.Authority, clock, cancel);
            await connection.BindAsync(source.BindName, secrets.Open(source.Secret), cancel);
            var byMember = source.Membership is GroupMembership.Member;
            string?[] wanted =
            [
                source.UserNameAttribute, source.NameAttribute, source.MailAttribute, source.PhoneAttribute, source.SiteAttribute, source.KeyAttribute,
                source.DisabledAttribute, byMember ? null : "memberOf",
            ];
            var people = await connection.SearchAsync(source.Base, source.Filter, [.. wanted.OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase)], source.PageSize, cancel);
            string[] ofGroup = byMember ? [GroupName, "member"] : [GroupName];
            var groups = await connection.SearchAsync(source.GroupBase ?? source.Base, source.GroupFilter, ofGroup, source.PageSize, cancel);
            var names = groups.Select(g => g.Text(GroupName)).OfType<string>().ToList();
            var twice = names.GroupBy(UniqueName.Normalize, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => g.Key);
            return new DirectoryAnswer.Read(Entries(source, people, groups), names.ToHashSet(StringComparer.Ordinal), twice.ToHashSet(StringComparer.Ordinal));
        }
        catch (DirectoryException e)
        {
            return new DirectoryAnswer.Failed(e.Trouble, e.Message);
        }
    }

    private static IReadOnlyList<DirectoryEntry> Entries(DirectorySource source, List<LdapEntry> people, List<LdapEntry> groups)
    {
        var named = groups.Where(g => g.Text(GroupName) is not null).Select(g => (Entry: g, Name: g.Text(GroupName) ?? "")).ToList();
        var byPerson = source.Membership is GroupMembership.Member
            ? named.SelectMany(g => g.Entry.Texts("member").Select(m => (Person: NameKey(m), g.Name))).ToLookup(m => m.Person, m => m.Name, StringComparer.Ordinal)
            : null;
        var byName = named.GroupBy(g => NameKey(g.Entry.Name), g => g.Name, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        return [.. people.Select(person => new DirectoryEntry(
            person.Name,
            KeyOf(person, source.KeyAttribute),
            person.Text(source.UserNameAttribute) ?? "",
            person.Text(source.NameAttribute) ?? "",
            person.Text(source.MailAttribute) ?? "",
            source.PhoneAttribute is { } phone ? person.Text(phone) ?? "" : null,
            source.SiteAttribute is { } site ? person.Text(site) ?? "" : null,
            IsDisabled(source, person),
            [.. byPerson?[NameKey(person.Name)] ?? person.Texts("memberOf").Select(g => byName.GetValueOrDefault(NameKey(g))).OfType<string>()]))];
    }

    // Active Directory's is sixteen bytes, others' is text. Without one, the name has to do.
    internal static string KeyOf(LdapEntry person, string attribute)
    {
        var key = person.Attributes.GetValueOrDefault(attribute) is not [{ Length: > 0 } value, ..] ? NameKey(person.Name)
            : value.Length == 16 ? new Guid(value).ToString()
            : person.Text(attribute) ?? "";
        return key.Length <= DirectoryLink.KeyLength ? key : Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(key)));
    }

    internal static bool IsDisabled(DirectorySource source, LdapEntry person)
    {
        if (source.DisabledAttribute is not { } attribute || person.Text(attribute) is not { } value)
            return false;
        if (string.Equals(attribute, AccountControl, StringComparison.OrdinalIgnoreCase))
            return int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var flags) && (flags & AccountDisabled) != 0;
        return source.DisabledValue is not { } wanted || string.Equals(value, wanted, StringComparison.OrdinalIgnoreCase);
    }

    // Names of entries are the same whatever their capitals, and with or without a space after each comma.
    private static string NameKey(string name) =>
        string.Join(',', name.Split(',', StringSplitOptions.TrimEntries)).ToUpperInvariant();
}
